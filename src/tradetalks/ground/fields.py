"""Fields of files that people write, and what is wrong with them, in sentences."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from tradetalks.ground.errors import BadInput, did_you_mean


class Strict(BaseModel):
    """A model that knows all its fields: an unknown one is an error, not lost."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, use_attribute_docstrings=True)


def number(value: Any) -> Any:
    """Return ``value`` if it is a number.

    Raises:
        ValueError: it is a word, or true or false (which Python would take for one and zero).
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{value!r} is not a number")
    return value


#: A finite number; booleans and words are refused.
Number = Annotated[float, BeforeValidator(number), Field(allow_inf_nan=False)]

Model = TypeVar("Model", bound=BaseModel)


def faults(model: type[BaseModel], data: Any) -> list[tuple[str, str]]:
    """Return what is wrong with ``data`` as ``model``: pairs of a field's path and a sentence; empty if sound."""
    if not isinstance(data, dict):
        return [("", f"fields such as {', '.join(_names(model)[:4])} are needed here, not {_shown(data)}")]
    try:
        model.model_validate(data)
    except ValidationError as error:
        problems = error.errors(include_url=False)
        # An unknown field first: a slip of the pen there is why another is missing.
        problems.sort(key=lambda problem: problem["type"] != "extra_forbidden")
        return [_fault(model, problem) for problem in problems]
    return []


def validated(model: type[Model], data: Any, where: str) -> Model:
    """Return ``data`` as ``model``.

    Raises:
        BadInput: one sentence a wrong field, each with ``where`` and the field's path.
    """
    if wrong := faults(model, data):
        raise BadInput("\n".join(f"{where}: {path + ': ' if path else ''}{sentence}" for path, sentence in wrong))
    return model.model_validate(data)


def _fault(model: type[BaseModel], problem: Any) -> tuple[str, str]:
    path = ".".join(str(part) for part in problem["loc"])
    kind = problem["type"]
    if kind == "extra_forbidden":
        # A nested field is none of this model's, whose names would mislead.
        known = _names(model) if len(problem["loc"]) == 1 else []
        near = did_you_mean(path, known)
        return path, f"there is no such field{near}" + (f"; fields are {', '.join(known)}" if known else "")
    if kind == "missing":
        return path, "this field is missing"
    message = problem["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return path, message if kind == "value_error" else f"{_shown(problem['input'])} given, needed: {message}"


def _names(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
