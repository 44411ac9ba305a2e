"""The process that speaks to libSEDML: a question in JSON on stdin, the answer on stdout."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

LEVEL, VERSION = 1, 4
SBML_LANGUAGE = "urn:sedml:language:sbml.level-3.version-2"
NAMESPACE_OF_SBML = "http://www.sbml.org/sbml/level3/version2/core"
SYMBOL_OF_TIME = "urn:sedml:symbol:time"
#: terms of the ontology KiSAO: CVODE, relative and absolute tolerance
CVODE, RELATIVE, ABSOLUTE = "KISAO:0000019", "KISAO:0000209", "KISAO:0000211"
TOLERANCES = {RELATIVE: "1e-9", ABSOLUTE: "1e-12"}

Record = Mapping[str, Any]


def main() -> None:
    """Answer one question."""
    import libsedml

    question = json.load(sys.stdin)
    answer: object
    if "write" in question:
        answer = _document(libsedml, question["write"])
    else:
        answer = _errors(libsedml, question["check"])
    json.dump(answer, sys.stdout)


def _document(library: Any, simulations: Record) -> str:
    document = library.SedDocument(LEVEL, VERSION)
    document.getNamespaces().add(NAMESPACE_OF_SBML, "sbml")
    model = document.createModel()
    model.setId("model")
    model.setSource(simulations["model_file"])
    model.setLanguage(SBML_LANGUAGE)
    _add_course(document, simulations)
    _add_report(library, document, "course", simulations["outputs"])
    for label, scan in simulations["scans"].items():
        _add_scan(library, document, f"scan_{label}", scan)
        _add_report(library, document, f"scan_{label}", simulations["outputs"])
    return str(library.writeSedMLToString(document))


def _errors(library: Any, text: str) -> list[str]:
    """Serious errors, each with its line."""
    document = library.readSedMLFromString(text)
    errors = [document.getError(i) for i in range(document.getNumErrors())]
    return [
        f"{error.getLine()}: {' '.join(error.getMessage().split())[:200]}"
        for error in errors
        if error.getSeverity() >= library.LIBSEDML_SEV_ERROR
    ]


def _target(output: Record) -> str:
    """Address (XPath) of an element in the model."""
    plural = "listOfSpecies" if output["kind"] == "species" else "listOfParameters"
    return f"/sbml:sbml/sbml:model/sbml:{plural}/sbml:{output['kind']}[@id='{output['id']}']"


def _add_course(document: Any, simulations: Record) -> None:
    """The uniform time course from 0, and the task that runs it."""
    course = document.createUniformTimeCourse()
    course.setId("uniform")
    course.setInitialTime(0.0)
    course.setOutputStartTime(0.0)
    course.setOutputEndTime(simulations["end"])
    course.setNumberOfSteps(simulations["n_steps"])
    algorithm = course.createAlgorithm()
    algorithm.setKisaoID(CVODE)
    for term, value in TOLERANCES.items():
        parameter = algorithm.createAlgorithmParameter()
        parameter.setKisaoID(term)
        parameter.setValue(value)
    task = document.createTask()
    task.setId("course")
    task.setModelReference("model")
    task.setSimulationReference("uniform")


def _add_scan(library: Any, document: Any, task_id: str, scan: Record) -> None:
    """A repeated task that sets its target to each value, in a model made new each time."""
    task = document.createRepeatedTask()
    task.setId(task_id)
    task.setResetModel(True)
    task.setRangeId(f"{task_id}_values")
    numbers = task.createVectorRange()
    numbers.setId(f"{task_id}_values")
    for value in scan["values"]:
        numbers.addValue(float(value))
    change = task.createTaskChange()
    change.setModelReference("model")
    change.setTarget(_target(scan["target"]))
    change.setRange(f"{task_id}_values")
    change.setMath(library.parseL3Formula(f"{scan['factor']!r} * {task_id}_values"))
    subtask = task.createSubTask()
    subtask.setTask("course")
    subtask.setOrder(1)


def _add_report(library: Any, document: Any, task_id: str, outputs: list[Record]) -> None:
    """A report of the time and of every output of a task."""
    report = document.createReport()
    report.setId(f"report_{task_id}")
    for number, output in enumerate((None, *outputs)):
        name = f"{task_id}_{number}"
        generator = document.createDataGenerator()
        generator.setId(f"data_{name}")
        variable = generator.createVariable()
        variable.setId(f"variable_{name}")
        variable.setTaskReference(task_id)
        variable.setModelReference("model")
        if output is None:
            variable.setSymbol(SYMBOL_OF_TIME)
        else:
            variable.setTarget(_target(output))
        generator.setMath(library.parseL3Formula(f"variable_{name}"))
        column = report.createDataSet()
        column.setId(f"column_{name}")
        column.setLabel("time" if output is None else output["label"])
        column.setDataReference(f"data_{name}")


if __name__ == "__main__":
    main()
