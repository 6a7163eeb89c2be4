#include <charconv>

#include "compile/program.hpp"
#include "language/ops.hpp"

namespace optexplore::compile {
namespace {

/// "l3" or "u0:4": the space's letter, the first row, and how many there are.
std::string to_text(const Location& location) {
  constexpr const char* letters[] = {"?", "c", "u", "l"};
  std::string text = letters[static_cast<std::size_t>(location.space)] + std::to_string(location.offset);
  if (location.rows != 1) text += ":" + std::to_string(location.rows);
  return text;
}

std::string name(language::Op op) {
  const language::OpInfo& row = language::info(op);
  if (!row.name.empty()) return std::string(row.name);
  switch (op) {
    case language::Op::powi: return "powi";
    case language::Op::random: return "random";
    case language::Op::gather: return "gather";
    case language::Op::scatter: return "scatter";
    case language::Op::fill: return "fill";
    case language::Op::product: return "product";
    case language::Op::repeat: return "repeat";
    case language::Op::index: return "index";
    case language::Op::take: return "take";
    case language::Op::place: return "place";
    case language::Op::put: return "put";
    default: return "op" + std::to_string(static_cast<int>(op));
  }
}

std::string call(const Instruction& instruction) {
  std::string text = name(instruction.op);
  if (instruction.op == language::Op::powi) text += std::to_string(instruction.aux);
  std::string arguments;
  for (std::size_t k = 0; k < instruction.arity; ++k) arguments += (k == 0 ? "" : ", ") + to_text(instruction.args[k]);
  if (instruction.region)
    for (const Location& operand : instruction.region->operands)
      arguments += (arguments.empty() ? "" : ", ") + to_text(operand);
  return text + "(" + arguments + ")";
}

std::string right_side(const Instruction& instruction) {
  if (!instruction.outer) return call(instruction);
  const std::string outer = name(*instruction.outer) + "(", inner = call(instruction);
  if (instruction.outer_arity == 1) return outer + inner + ")";
  const std::string other = to_text(instruction.args[2]);
  return instruction.inner_side == 0 ? outer + inner + ", " + other + ")" : outer + other + ", " + inner + ")";
}

std::string region(const char* title, const std::vector<Instruction>& code, const std::string& indent) {
  if (code.empty()) return "";
  std::string text = indent + title + "\n";
  for (const Instruction& instruction : code) {
    text += indent + "  " + to_text(instruction.out) + " = " + right_side(instruction) + "\n";
    const bool loops = instruction.op == language::Op::loop;
    const char* heading = "then";
    for (const auto& inner : {instruction.region, instruction.otherwise}) {
      if (!inner) continue;
      text += indent + "    " + (loops ? std::to_string(inner->count) + " times" : heading) + "\n";
      heading = "else";
      const Program& body = inner->body;
      for (const auto& [name, part] :
           {std::pair("prologue", &body.prologue), {"observe", &body.observe}, {"update", &body.update}})
        text += region(name, *part, indent + "    ");
    }
  }
  return text;
}

std::string ports(const char* title, const std::vector<Port>& list) {
  std::string text;
  for (const Port& port : list)
    text += (text.empty() ? title : std::string(",")) + std::string(" ") + (port.name.empty() ? "" : port.name + "=") +
            to_text(port.location);
  return text.empty() ? "" : text + "\n";
}

}  // namespace

std::string to_text(const Program& program) {
  std::string text = ports("in", program.inputs);
  if (program.timing) {
    text += "timing\n" + region("observe", program.timing->observe, "  ");
    std::string places;
    for (const Location& place : program.timed) places += " " + to_text(place);
    text += "  to" + places + "\n";
  }
  text += region("setup", program.setup, "") + region("prologue", program.prologue, "") +
          region("observe", program.observe, "") + region("record", program.record, "") +
          region("update", program.update, "");
  return text + ports("observed", program.observed) + ports("recorded", program.recorded);
}

}  // namespace optexplore::compile
