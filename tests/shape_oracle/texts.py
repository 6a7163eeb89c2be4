"""The text of trees, in which leaves are literals, pieces of the point or parameters."""

import math

import numpy as np

OR, AND, NOT, COMPARISON, SUM, PRODUCT, UNARY, POWER, PRIMARY = range(9)

SYMBOLS = {"or": (OR, "or"), "and": (AND, "and"), "add": (SUM, "+"), "sub": (SUM, "-"), "mul": (PRODUCT, "*"),
           "div": (PRODUCT, "/"), "matmul": (PRODUCT, "@"), "lt": (COMPARISON, "<"), "le": (COMPARISON, "<="),
           "gt": (COMPARISON, ">"), "ge": (COMPARISON, ">="), "eq": (COMPARISON, "=="), "ne": (COMPARISON, "!=")}


def number_text(value):
    value = float(value)
    if value == math.floor(value) and abs(value) < 1e15 and math.copysign(1, value) * abs(value) == value:
        return str(int(value))
    return repr(value)


def literal(value):
    value = np.asarray(value)
    return "[" + ", ".join(map(literal, value)) + "]" if value.ndim else number_text(value)


class Text:
    """Writes trees. `kind` says what a leaf is: "literal", "point", or "params" (collected in `params`)."""

    def __init__(self, kind, point):
        self.kind, self.point, self.params = kind, point, {}

    def at(self, node, least):
        text, level = self.of(node)
        return text if level >= least else "(" + text + ")"

    def leaf(self, node):
        first, count = node.data, math.prod(node.shape)
        value = self.point[first:first + count].reshape(node.shape)
        if self.kind == "literal":
            text = literal(value)
            return text, UNARY if text.startswith("-") else PRIMARY
        if self.kind == "params":
            name = f"P{first}_" + "_".join(map(str, node.shape))
            self.params[name] = value.tolist()
            return name, PRIMARY
        if not node.shape:
            return f"x[{first + 1}]", PRIMARY
        piece = f"x[{first + 1}:{first + count}]"
        if len(node.shape) == 1:
            return piece, PRIMARY
        return f"reshape({piece}, {node.shape[0]}, {node.shape[1]})", PRIMARY

    def of(self, node):
        op, args, data = node.op, node.args, node.data
        if op == "leaf":
            return self.leaf(node)
        if op == "number":
            text = number_text(data)
            return text, UNARY if text.startswith("-") else PRIMARY
        if op == "loop name":
            return data, PRIMARY
        if op in SYMBOLS and not (op == "matmul" and data == "call"):
            level, symbol = SYMBOLS[op]
            left = level + 1 if level == COMPARISON else level
            return f"{self.at(args[0], left)} {symbol} {self.at(args[1], level + 1)}", level
        if op == "neg":
            return "-" + self.at(args[0], UNARY), UNARY
        if op == "not":
            return "not " + self.at(args[0], NOT), NOT
        if op == "pow" and data != "call":
            return f"{self.at(args[0], PRIMARY)}^{self.at(args[1], UNARY)}", POWER
        if op == "transpose" and data != "call":
            return self.at(args[0], PRIMARY) + data, PRIMARY
        if op == "list":
            return "[" + ", ".join(self.at(arg, OR) for arg in args) + "]", PRIMARY
        if op == "index":
            return self.indexed(node), PRIMARY
        if op == "loop":
            word, name, first, last = data
            return f"{word}({name}, {first}, {last}, {self.at(args[0], OR)})", PRIMARY
        extra = []
        if op in ("eye", "zeros", "ones", "reshape"):
            extra = map(str, node.shape[:1] if op == "eye" else node.shape)
        elif op == "range":
            extra = map(str, data)
        elif op == "onehot":
            extra = [str(node.shape[-1])]
        elif isinstance(data, dict):
            extra = [data["spelling"] + str(data["dim"])]
        word = {"min2": "min", "max2": "max"}.get(op, op)
        return f"{word}({', '.join([self.at(arg, OR) for arg in args] + list(extra))})", PRIMARY

    def indexed(self, node):
        rest, parts = iter(node.args[1:]), []
        for ends in node.data:
            if ends is None:
                parts.append(self.at(next(rest), OR))
            else:
                parts.append(":".join("" if end is None else str(end) for end in ends))
        return self.at(node.args[0], PRIMARY) + "[" + ", ".join(parts) + "]"
