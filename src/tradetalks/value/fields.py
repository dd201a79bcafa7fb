"""The fields that terms share, and errors of their validation as sentences."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from tradetalks.ground.countries import country
from tradetalks.ground.errors import BadInput, did_you_mean
from tradetalks.ground.sectors import sector


def _region(text: Any) -> str:
    return "ROW" if text == "ROW" else country(str(text)).iso3


def _sector(text: Any) -> str:
    return sector(str(text)).code


def _sector_or_all(text: Any) -> str:
    return "all" if str(text).casefold() == "all" else _sector(text)


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{value!r} is not a number")
    return value


#: ISO3 code of a region; any name or code of a country is understood.
Region = Annotated[str, BeforeValidator(_region)]
#: One of the 28 sectors, by code or name.
SectorCode = Annotated[str, BeforeValidator(_sector)]
#: A sector, or ``all`` for every goods sector.
SectorOrAll = Annotated[str, BeforeValidator(_sector_or_all)]
#: A finite number; booleans and words are refused.
Number = Annotated[float, BeforeValidator(_number), Field(allow_inf_nan=False)]
#: A finite number, zero or more.
NotNegative = Annotated[float, BeforeValidator(_number), Field(ge=0, allow_inf_nan=False)]
#: A finite number above zero.
Positive = Annotated[float, BeforeValidator(_number), Field(gt=0, allow_inf_nan=False)]


class Strict(BaseModel):
    """A model that knows all its fields: an unknown one is an error, not lost."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, use_attribute_docstrings=True)


Model = TypeVar("Model", bound=BaseModel)


def validated(model: type[Model], data: Any, where: str) -> Model:
    """Return ``data`` as ``model``.

    Raises:
        BadInput: one sentence a wrong field, each with ``where`` and the field's path.
    """
    if not isinstance(data, dict):
        raise BadInput(f"{where}: fields and values are needed here, not {_shown(data)}")
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise BadInput("\n".join(_sentence(model, problem, where) for problem in error.errors())) from None


def _sentence(model: type[BaseModel], problem: Any, where: str) -> str:
    path = ".".join(str(part) for part in problem["loc"])
    at = f"{where}: {path}" if path else where
    kind, given = problem["type"], problem["input"]
    if kind == "extra_forbidden":
        known = [field.alias or name for name, field in model.model_fields.items()]
        return (
            f"{at}: there is no such field{did_you_mean(str(problem['loc'][-1]), known)}; fields are {', '.join(known)}"
        )
    if kind == "missing":
        return f"{at}: this field is missing"
    message = problem["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    if kind == "value_error":
        return f"{at}: {message}"
    return f"{at}: {_shown(given)} given, needed: {message}"


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
