"""Runs the tool."""

import json
import os
import subprocess

from .maker import POINT_LENGTH


class Tool:
    def __init__(self, binary, folder):
        self.binary, self.folder = binary, folder

    def run(self, config, kernels="", timeout=60):
        path = os.path.join(self.folder, "config.json")
        with open(path, "w", encoding="utf-8") as file:
            file.write(json_text(config))
        environment = dict(os.environ, OPTEXPLORE_KERNELS=kernels)
        return subprocess.run([self.binary, "run", path, "--format", "csv", "-q", "-j", "1"], capture_output=True,
                              text=True, check=False, env=environment, timeout=timeout)

    def rows(self, functions, points, columns, kernels=""):
        """The table's numbers; a message where the tool refuses."""
        config = {"functions": functions, "start": {"points": [p.tolist() for p in points]}, "steps": 0,
                  "optimizers": [{"type": "sgd"}], "columns": columns}
        done = self.run(config, kernels)
        if done.returncode != 0:
            return done
        return [[float(cell) for cell in line.split(",")] for line in done.stdout.splitlines()[1:]]


def json_text(value):
    """JSON whose strings stay as they are; NumPy's repr of numbers is exact."""
    return json.dumps(value, ensure_ascii=False)


SUM_OF_POINT = [{"definition": f"f(x[{POINT_LENGTH}]) = sum(x)"}]
