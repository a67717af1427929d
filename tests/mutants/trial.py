"""
One pytest session that tries many mutants.

It imports everything and collects the tests once.  Then each mutant has a child of fork, in
which the functions of the changed file are given their changed code, and the tests run that
reach the changed line, the quick ones first, until one fails.
"""

from __future__ import annotations

import ast
import contextlib
import gc
import importlib
import json
import os
import signal
import time
import types
from collections import defaultdict
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Set, Tuple

import pytest

from tests.mutants import changes

ROOT = Path(__file__).resolve().parent.parent.parent

# A test that takes more seconds takes no part.
_TOO_SLOW = 5.0


class Reach:
    """
    What each test takes, and the lines it reaches.

    Parameters:
        data: What :meth:`measure` returned.
    """

    def __init__(self, data: Dict[str, Any]) -> None:
        self.seconds: Dict[str, float] = data["seconds"]
        self.lines: Dict[str, Dict[str, List[str]]] = data["lines"]

    @staticmethod
    def measure(items: List[pytest.Item], paths: List[Path]) -> Dict[str, Any]:
        """Run all tests, and return what is asked for here."""
        from coverage import Coverage

        coverage = Coverage(
            data_file=None, config_file=False, include=[str(path) for path in paths]
        )
        seconds = {}
        coverage.start()
        for item, following in zip(items, [*items[1:], None]):
            coverage.switch_context(item.nodeid)
            started = time.monotonic()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            seconds[item.nodeid] = time.monotonic() - started
        coverage.stop()
        data = coverage.get_data()
        lines = {str(path): data.contexts_by_lineno(str(path)) for path in paths}
        return {"seconds": seconds, "lines": lines}

    def tests(self, path: Path, site: changes.Site) -> Set[str]:
        """Return the tests that reach a change and are quick enough."""
        lines = self.lines[str(path)]
        reached = {test for line in site.lines for test in lines.get(str(line), ())}
        return {test for test in reached if self.seconds.get(test, _TOO_SLOW) < _TOO_SLOW}


class Trials:
    """
    A pytest plugin that tries mutants in place of running the tests once.

    Parameters:
        paths: The files that are changed.
        choose: Given how many changes there are in each file, returns pairs of path and
            number of the change to try.
        kept: The file in which :class:`Reach` is kept, for as long as nothing changes.
        end: The time when no further one is begun.
    """

    def __init__(
        self,
        paths: List[Path],
        choose: Callable[[Dict[Path, int]], List[Any]],
        kept: Path,
        end: float,
    ) -> None:
        self._paths = paths
        self._choose = choose
        self._kept = kept
        self._end = end
        self._functions: Dict[str, List[types.FunctionType]] = defaultdict(list)
        self._measuring = False
        self.there_are = 0
        self.tried: Dict[Path, int] = defaultdict(int)
        self.survivors: List[str] = []

    def pytest_sessionstart(self) -> None:
        """What fails need not be made small, nor kept."""
        from hypothesis import Phase, settings

        phases = [Phase.explicit, Phase.generate]
        settings.register_profile(
            "mutants", phases=phases, database=None, derandomize=True, deadline=None
        )
        settings.load_profile("mutants")
        os.environ["HYPOTHESIS_PROFILE"] = "mutants"

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            raise pytest.UsageError("the tests cannot be collected")
        self._find_functions()
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        reach = Reach(self._reach(session.items))
        trees = {path: ast.parse(path.read_bytes()) for path in self._paths}
        found = {path: changes.sites(tree) for path, tree in trees.items()}
        self.there_are = sum(map(len, found.values()))
        for path, number in self._choose({path: len(all_) for path, all_ in found.items()}):
            if time.monotonic() > self._end:
                break
            site = found[path][number]
            names = reach.tests(path, site)
            before = ast.unparse(site.node)
            killed = bool(names) and self._is_killed(path, number, session.items, reach, names)
            self.tried[path] += 1
            if not killed:
                tree = ast.parse(path.read_bytes())
                node = changes.sites(tree)[number].node
                changes.change(node)
                where = f"{path.relative_to(ROOT)}:{site.lines[0]}"
                text = f"{where}: {before}  ->  {ast.unparse(node)}  ({len(names)} tests)"
                self.survivors.append(text)
                print("survived:", text, flush=True)
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Of a mutant, the first failure is enough."""
        if report.failed:
            if self._measuring:
                os.write(3, f"{report.nodeid} fails without any change\n".encode())
            os._exit(1)

    def _find_functions(self) -> None:
        for path in self._paths:
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        # The tests keep the collector away from what is there by now.
        gc.unfreeze()
        for found in gc.get_objects():
            if isinstance(found, types.FunctionType):
                self._functions[found.__code__.co_filename].append(found)
        gc.freeze()
        for path in self._paths:
            # What is compiled here is what runs.
            code = compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
            keys = set(map(_key, _codes(code)))
            functions = self._functions[str(path)]
            assert functions or not changes.sites(ast.parse(path.read_bytes())), path
            odd = [f.__qualname__ for f in functions if _key(f.__code__) not in keys]
            assert not odd, (path, odd)

    def _reach(self, items: List[pytest.Item]) -> Any:
        if not self._kept.exists():
            self._kept.parent.mkdir(parents=True, exist_ok=True)
            self._measuring = True
            print(f"measuring what {len(items)} tests reach", flush=True)

            def measure() -> None:
                data = Reach.measure(items, self._paths)
                self._kept.write_text(json.dumps(data), encoding="utf-8")

            if _in_child(measure):
                raise pytest.UsageError("a test fails without any change")
            self._measuring = False
        return json.loads(self._kept.read_text(encoding="utf-8"))

    def _is_killed(
        self, path: Path, number: int, items: List[pytest.Item], reach: Reach, names: Set[str]
    ) -> bool:
        chosen = _quick_first([item for item in items if item.nodeid in names], reach.seconds)

        changed = _changed_codes(path, number)

        def run() -> None:
            for function in self._functions[str(path)]:
                function.__code__ = changed[_key(function.__code__)]
            for item, following in zip(chosen, [*chosen[1:], None]):
                # Ends the process of a mutant that waits for ever.
                signal.alarm(10 + 3 * round(reach.seconds[item.nodeid]))
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)

        return _in_child(run)


def _changed_codes(path: Path, number: int) -> Dict[Any, types.CodeType]:
    """What the code objects of a file become by a change, by the key of each."""
    tree = ast.parse(path.read_bytes())
    before = list(_codes(compile(tree, str(path), "exec", dont_inherit=True)))
    changes.change(changes.sites(tree)[number].node)
    after = defaultdict(list)
    for code in _codes(compile(tree, str(path), "exec", dont_inherit=True)):
        after[_place(code)].append(code)
    # A function inside of what is no longer there stays as it was: nobody calls it.
    return {_key(code): (after[_place(code)] or [code]).pop(0) for code in before}


def _place(code: types.CodeType) -> Tuple[str, int]:
    return code.co_name, code.co_firstlineno


def _key(code: types.CodeType) -> Tuple[Any, ...]:
    # Code that has run may not equal what it was compiled from: Python 3.11 adapts it.
    return code.co_name, code.co_firstlineno, code.co_code, code.co_names


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _codes(constant)


def _quick_first(items: List[pytest.Item], seconds: Dict[str, float]) -> List[pytest.Item]:
    """Order tests: those of a file stay together, for the fixtures that they share."""
    of_file = defaultdict(list)
    for item in items:
        of_file[item.path].append(item)

    def mean(some: List[pytest.Item]) -> float:
        return sum(seconds[item.nodeid] for item in some) / len(some)

    return [
        item
        for some in sorted(of_file.values(), key=mean)
        for item in sorted(some, key=lambda item: seconds[item.nodeid])
    ]


def _in_child(run: Callable[[], None]) -> bool:
    """Call something in a child of fork; return whether it failed, or took too long."""
    child = os.fork()
    if child == 0:
        os.setsid()
        os.dup2(2, 3)
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nothing, number)
        status = 1
        try:
            run()
            status = 0
        finally:
            os._exit(status)
    _, result = os.waitpid(child, 0)
    # With all that it started.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    return result != 0
