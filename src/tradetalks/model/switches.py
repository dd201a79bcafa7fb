"""Switches of the one system: labour supply, local services, pass-through, scale, specific factors.

Each is off (``None``) unless asked for; what is off costs the compiled solver nothing. With all of them off
the system is that of Caliendo & Parro; docs/model.md writes the equations with each switch.

Sources. Labour supply, income-tax relief, local services, pass-through and scale as in Ignatenko,
Lashkaripour, Macedoni & Simonovska, "Making America great again? The economic impacts of Liberation Day
tariffs", Journal of International Economics 157, 2025. Specific factors: Jones, "A Three-Factor Model in
Theory, Trade, and History", in Bhagwati and others (eds), Trade, Balance of Payments and Growth, 1971.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

Array: TypeAlias = Any


class Switches(NamedTuple):
    """What is switched on, and the base-year levels that it needs."""

    labour_supply: Array = None
    """[n] kappa: elasticity of labour supplied to the real wage after tax."""
    relief: Array = None
    """[n] share of duties that cuts the tax on labour; the rest is paid out as a lump sum."""
    labour_tax: Array = None
    """[n] average tax on labour in the base, as a fraction; ``None``: none."""
    wage_bill: Array = None
    """Present: the disutility of labour follows the real wage bill, as Ignatenko and others print welfare."""
    services: Array = None
    """[n] nu: share of what n pays for goods (net of duty) that is earned by labour of n itself."""
    pass_through: Array = None
    """[n] phi: a duty of n works on its demand like a cost of (1 + t)^phi, and its prices fall with the
    size of its market, (X/w)^(1 - phi)."""
    scale: Array = None
    """[s, n] psi: elasticity of productivity to the size of the sector."""
    specific: Array = None
    """[s, n] share of the sector's value added that goes to factors which cannot leave it."""
    earnings: Array = None
    """[s, n] what the sector's factors earn in the base (services on its goods included)."""
    duties: Array = None
    """[n] duties collected in the base."""

    @property
    def by_size(self) -> bool:
        """Whether unit costs depend on the size of the sector."""
        return self.scale is not None or self.specific is not None

    def cost(self, bundle: Array, wage: Array, size: Array, beta: Array) -> Array:
        """Return the log unit cost [s, n].

        Args:
            bundle: [s, n] log cost of labour and inputs at the wage.
            wage: [n] log wage.
            size: [s, n] log of the sector's earnings over the wage.
            beta: [s, n] share of value added.
        """
        if self.specific is not None:
            # Earnings of a factor that stays rise with earnings of the sector: r = w e^size.
            bundle = bundle + beta * self.specific * size
        if self.scale is None:
            return bundle
        # Size counts in bundles of labour and inputs: what the sector earns over what a bundle costs.
        return bundle - self.scale * (size + wage - bundle)

    def of_duty(self, by_log_cost: Array) -> Array:
        """Return the derivative [s, i, n] to the log of a duty through demand, from that to the log of a cost."""
        return by_log_cost if self.pass_through is None else self.pass_through * by_log_cost

    def disutility(self, labour: Array, wages: Array) -> Array:
        """Return the disutility of ``labour`` [n] (a hat), in base-year consumption, from the base wage bill [n].

        Utility is C - L^(1 + 1/kappa), up to units, so that labour supplied depends on the real wage after
        tax alone (Greenwood, Hercowitz & Huffman, American Economic Review 78(3), 1988).
        """
        kappa, tax = self.labour_supply, 0.0 if self.labour_tax is None else self.labour_tax
        # Where labour is fixed it stays at one, and there is nothing to weigh.
        power = (1.0 + kappa) / (kappa + (kappa == 0))
        return kappa / (1.0 + kappa) * (1.0 - tax) * wages * labour**power

    def untaxed(self, duties: Array, wages: Array) -> Array:
        """Return one less the share of the wage bill ``wages`` [n] that duties put in the place of its tax [n]."""
        return 1.0 - (0.0 if self.relief is None else self.relief) * duties / wages
