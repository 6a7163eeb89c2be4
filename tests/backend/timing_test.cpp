#include "backend/interpreter/timing.hpp"

#include <doctest/doctest.h>

#include "backend/interpreter/interpreter.hpp"
#include "language/ops.hpp"
#include "program/graph_tools.hpp"

using namespace optexplore;
using language::Op;

TEST_CASE(
    "what depends on the clock alone has the bits of its formula, at early steps and beyond those that are kept") {
  test::Setting s;
  const program::NodeId t = s.scalar("t"), x = s.scalar("x");
  compile::ProgramSpec spec;
  spec.inputs = {{x, true, false, program::no_node, "x"}, {t, false, false, program::no_node, "t", std::nullopt, true}};
  spec.observed = {{s.build("x + (1 - 0.999999^t)"), "a"}, {s.build("x*sqrt(t)"), "b"}};
  for (const compile::Form form : {compile::Form::single, compile::Form::block}) {
    const auto executable = backend::compile(s.g, spec, form);
    REQUIRE(executable->program().timed.size() == 2);
    const auto machine = executable->machine(1);
    machine->input("x").at(0, 0) = 0.5;
    // Forwards, backwards, to other pieces; two values for each step are kept for the first 2^18 steps.
    for (const std::uint64_t step : {1U, 2U, 255U, 256U, 257U, 3U, 262143U, 262144U, 5'000'001U, 1U}) {
      machine->set_step(step);
      machine->observe();
      const double power[] = {0.999999, static_cast<double>(step)};
      CHECK(machine->observed(0).at(0, 0) == 0.5 + (1 - language::evaluate(Op::pow, power)));
      CHECK(machine->observed(1).at(0, 0) == 0.5 * std::sqrt(static_cast<double>(step)));
    }
  }
}
