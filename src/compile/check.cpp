#include <array>
#include <stdexcept>

#include "compile/program.hpp"

namespace optexplore::compile {
namespace {

/// Which rows of each space hold a value.
class Checker {
 public:
  explicit Checker(const Program& program) : program_(program) {
    const std::uint32_t rows[] = {0, program.constant_rows, program.uniform_rows, program.lane_rows};
    for (std::size_t space = 0; space < known_.size(); ++space) known_[space].assign(rows[space], false);
  }

  void run() {
    for (const auto& [location, value] : program_.constants) write(location, "a constant");
    for (const auto& [location, values] : program_.constant_vectors) write(location, "a constant");
    for (const Location& location : program_.timed) write(location, "a timed value");
    for (const Port& port : program_.inputs) write(port.location, "the input " + port.name);
    if (program_.timed.empty() != (program_.timing == nullptr)) fail("timed values need a timing program");
    for (const auto* code : {&program_.setup, &program_.prologue, &program_.observe, &program_.record})
      check_region(*code);
    for (const Port& port : program_.observed) read(port.location, "the output " + port.name);
    for (const Port& port : program_.recorded) read(port.location, "the output " + port.name);
    check_region(program_.update);
    for (const Port& port : program_.inputs) read(port.location, "the input " + port.name);
  }

 private:
  void check_region(const std::vector<Instruction>& code) {
    std::uint32_t before = 0;
    for (const Instruction& instruction : code) {
      if (instruction.position < before) fail("the positions fall");
      before = instruction.position;
      for (std::size_t k = 0; k < instruction.arity; ++k) read(instruction.args[k], "an operand");
      if (instruction.outer_arity == 2) read(instruction.args[2], "an operand");
      for (const auto& region : {instruction.region, instruction.otherwise}) {
        if (!region) continue;
        for (const Location& operand : region->operands) read(operand, "an operand");
        check(region->body);
      }
      write(instruction.out, "a result");
    }
  }

  std::vector<bool>& space(const Location& location, const std::string& what) {
    std::vector<bool>& rows = known_[static_cast<std::size_t>(location.space)];
    if (location.rows == 0 || location.offset + location.rows > rows.size()) fail(what + " lies outside its space");
    return rows;
  }
  void write(const Location& location, const std::string& what) {
    std::vector<bool>& rows = space(location, what);
    for (std::uint32_t r = 0; r < location.rows; ++r) rows[location.offset + r] = true;
  }
  void read(const Location& location, const std::string& what) {
    const std::vector<bool>& rows = space(location, what);
    for (std::uint32_t r = 0; r < location.rows; ++r)
      if (!rows[location.offset + r]) fail(what + " is read before anything has written it");
  }
  [[noreturn]] void fail(const std::string& what) const {
    throw std::logic_error("bad program: " + what + "\n" + to_text(program_));
  }

  const Program& program_;
  std::array<std::vector<bool>, 4> known_;
};

}  // namespace

void check(const Program& program) { Checker(program).run(); }

}  // namespace optexplore::compile
