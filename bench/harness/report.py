"""What was measured, as a table for people and as JSON."""
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys

import works


def machine(build):
    with open("/proc/cpuinfo") as file:
        models = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    home = os.environ.get("JAVA_HOME")
    java = os.environ.get("GAVEL_JAVA") or (f"{home}/bin/java" if home else "java")  # as the launcher chooses
    version = subprocess.run([java, "-version"], capture_output=True, text=True).stderr.splitlines()
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "cpus": f"{os.cpu_count()} x {models[0] if models else platform.machine()}",
        "kernel": platform.release(),
        "java": version[1] if len(version) > 1 else "?",
        "load": round(os.getloadavg()[0], 1),
        "one_by_one": "libnetfilter_queue" if os.path.exists(f"{build}/classic") else "system calls by hand",
    }


class Results:
    def __init__(self, arguments, build):
        self.arguments = arguments
        self.machine = machine(build)
        self.measurements = []

    def add(self, number, work, consumer, attempt):
        self.measurements.append({"round": number, "work": work, "consumer": consumer, **attempt})
        words = [f"{attempt[column.key]:.{column.digits}f} {column.title}"
                 for column in works.WORKS[work].columns if column.key in attempt]
        if attempt["why"]:
            words.append(("" if attempt["counted"] else "thrown out: ") + attempt["why"])
        print(f"round {number}: {work}: {consumer}: {', '.join(words)}", file=sys.stderr, flush=True)

    def finish(self):
        """Prints the tables and writes the file. Returns the exit code: 1 if something was never measured."""
        machine = self.machine
        print(f"{machine['date']}, {machine['cpus']}, Linux {machine['kernel']}, {machine['java']}, "
              f"load {machine['load']} at the start; rounds: {self.arguments.rounds}; "
              f"{works.CLASSIC}: {machine['one_by_one']}"
              + (f"; against: {self.arguments.against}" if self.arguments.against else ""))
        for name in self.arguments.only:
            self._table(name)
        if self.arguments.json:
            with open(self.arguments.json, "w") as file:
                document = {**machine, "options": vars(self.arguments), "measurements": self.measurements}
                json.dump(document, file, indent=1)
        return 0 if all(self._counted(*pair) for pair in self._pairs()) else 1

    def _pairs(self):
        """Works with their consumers, in the order in which they were told of first."""
        return list(dict.fromkeys((one["work"], one["consumer"]) for one in self.measurements))

    def _of(self, work, consumer):
        return [one for one in self.measurements if (one["work"], one["consumer"]) == (work, consumer)]

    def _counted(self, work, consumer):
        return [one for one in self._of(work, consumer) if one["counted"]]

    def _values(self, work, consumer, key):
        return [one[key] for one in self._counted(work, consumer) if key in one]

    def _median(self, work, consumer, key):
        values = self._values(work, consumer, key)
        return statistics.median(values) if values else None

    def _quotients(self, work, consumer, other, key):
        """What a consumer has come to over what another has in the same round."""
        base = {one["round"]: one[key] for one in self._counted(work, other) if one[key]}
        return [one[key] / base[one["round"]] for one in self._counted(work, consumer) if one["round"] in base]

    def _table(self, name):
        work, against = works.WORKS[name], self.arguments.against
        titles = ["consumer"]
        for column in work.columns:
            titles += [column.title] + [f"× {other}" for other in column.over] + ["added"] * bool(column.above)
            titles += [f"× {against}"] * bool(against)
        titles += ["counted", "thrown out"]
        print(f"\n### {work.title} (`{name}`)\n\n| {' | '.join(titles)} |\n|{'---|' * len(titles)}")
        for consumer in (consumer for pair_work, consumer in self._pairs() if pair_work == name):
            cells = [consumer]
            for column in work.columns:
                cells += self._cells(name, consumer, column)
            counted = self._counted(name, consumer)
            noisy = sum(one["why"] != "" for one in counted)
            thrown_out = len(self._of(name, consumer)) - len(counted)
            cells += [f"{len(counted)} ({noisy} noisy)" if noisy else f"{len(counted)}", f"{thrown_out}"]
            print(f"| {' | '.join(cells)} |")

    def _cells(self, name, consumer, column):
        """Median and range; that median over, or above, those of the consumers that the column names, and over that of
        the older commit, if there is one; quotients by rounds."""
        against = self.arguments.against
        middle = self._median(name, consumer, column.key)
        if middle is None:
            return ["–"] * (1 + len(column.over) + bool(column.above) + bool(against))
        values = self._values(name, consumer, column.key)
        span = f" ({min(values):.{column.digits}f}–{max(values):.{column.digits}f})" if len(values) > 1 else ""
        cells = [f"{middle:.{column.digits}f}{span}"]
        cells += [self._over(name, consumer, other, column.key) for other in column.over]
        if column.above:
            base = self._median(name, column.above, column.key)
            cells.append("–" if base is None else f"{middle - base:.{column.digits}f}")
        if against:
            older = consumer.replace(works.gavel(), works.gavel(against), 1)
            cells.append("–" if older == consumer else self._over(name, consumer, older, column.key))
        return cells

    def _over(self, name, consumer, other, key):
        """The quotient of two medians, and in brackets the median of the rounds' own."""
        base = self._median(name, other, key)
        if not base:
            return "–"
        quotients = self._quotients(name, consumer, other, key)
        by_rounds = f" ({statistics.median(quotients):.2f})" if len(quotients) > 1 else ""
        return f"{self._median(name, consumer, key) / base:.2f}{by_rounds}"
