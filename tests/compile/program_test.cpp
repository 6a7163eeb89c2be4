#include "compile/program.hpp"

#include <doctest/doctest.h>

#include "backend/machine_tools.hpp"
#include "program/derive.hpp"

using namespace optexplore;
using namespace optexplore::language;
using namespace optexplore::program;
using compile::Program;
using compile::ProgramInput;
using test::Experiment;
using test::Setting;

namespace {

constexpr const char* rosenbrock = "sum(k,1,n-1,100*(x[k+1] - x[k]^2)^2 + (1 - x[k])^2)";

/// Adam (Kingma and Ba 2015, algorithm 1) on Rosenbrock's function.
struct Adam : Setting {
  explicit Adam(std::uint32_t n) {
    const NodeId x = vector("x", n);
    const NodeId m = vector("m", n);
    const NodeId v = vector("v", n);
    const NodeId t = scalar("t");
    const NodeId lr = scalar("lr");
    scope.set("n", g.constant(n));
    const NodeId f = build(rosenbrock);
    scope.set("g", gradient(g, f, x));
    const NodeId m1 = build("0.9*m + (1 - 0.9)*g");
    const NodeId v1 = build("0.999*v + (1 - 0.999)*g^2");
    scope.set("m1", m1);
    scope.set("v1", v1);
    const NodeId x1 = build("x - lr*(m1/(1 - 0.9^t))/(sqrt(v1/(1 - 0.999^t)) + 1e-8)");
    e.spec.inputs = {{x, true, false, x1},
                     {m, true, false, m1},
                     {v, true, false, v1},
                     {t, false, false, build("t + 1")},
                     {lr, false, true, no_node}};
    e.spec.observed = {f};
    e.start = {{std::vector<double>(n, -1.2), std::vector<double>(n, 0.7)},
               {std::vector<double>(n, 0.0)},
               {std::vector<double>(n, 0.0)},
               {{1}},
               {{0.01}}};
    e.record.assign(20, false);
  }
  Experiment e;
};

std::size_t instructions(const Program& p) {
  return p.prologue.size() + p.observe.size() + p.record.size() + p.update.size();
}

}  // namespace

TEST_CASE("Adam on Rosenbrock needs few registers beside its state") {
  const Adam two(2);
  const Program program = compile::compile(two.g, two.e.spec);
  MESSAGE("n = 2: ", program.lane_rows, " lane rows, ", program.uniform_rows, " uniform rows, ", instructions(program),
          " instructions");
  CHECK(program.lane_rows >= 6);  // x, m and v
  CHECK(program.lane_rows <= 14);
  CHECK(instructions(program) <= 45);
  const Adam many(1000);
  const Program large = compile::compile(many.g, many.e.spec);
  MESSAGE("n = 1000: ", large.lane_rows, " lane rows");
  CHECK(large.lane_rows <= 9000);  // the state and six vectors more
  CHECK(instructions(large) <= 60);
}

TEST_CASE("Adam on Rosenbrock runs as the plain interpreter runs it") {
  const Adam two(2);
  test::check_everywhere(two.g, two.e);
  const Adam nine(9);
  test::check_everywhere(nine.g, nine.e);
}

TEST_CASE("what only uniform values influence is computed once for all lanes") {
  const Adam adam(2);
  const Program p = compile::compile(adam.g, adam.e.spec);
  CHECK(p.inputs[3].location.space == compile::Location::Space::uniform);  // t
  for (const auto& instruction : p.update)
    if (instruction.op == Op::pow) CHECK(instruction.out.space == compile::Location::Space::uniform);
}

TEST_CASE("what nobody asks for is not computed") {
  Setting s;
  const NodeId x = s.vector("x", 4);
  s.scope.set("n", s.g.constant(4.0));
  const NodeId f = s.build(rosenbrock);
  compile::ProgramSpec spec;
  spec.inputs = {{x, true, false, no_node}};
  spec.observed = {f};
  const std::size_t before = instructions(compile::compile(s.g, spec));
  const NodeId df = gradient(s.g, f, x);
  CHECK(instructions(compile::compile(s.g, spec)) == before);  // the gradient is in the graph and not in the program
  spec.recorded = {df};
  const Program with = compile::compile(s.g, spec);
  CHECK(with.observe.size() == before);
  CHECK(with.record.size() > 0);
  CHECK(with.update.empty());
}

TEST_CASE("what depends on hyperparameters only is computed once per run") {
  Setting s;
  const NodeId lr = s.scalar("lr");
  const NodeId x = s.vector("x", 3);
  compile::ProgramSpec spec;
  spec.inputs = {{lr, true, true, no_node}, {x, true, false, s.build("x - sqrt(lr)*x")}};
  const Program p = compile::compile(s.g, spec);
  REQUIRE(p.prologue.size() == 1);
  CHECK(p.prologue[0].op == Op::sqrt);
  CHECK(p.observe.empty());
  CHECK(p.update.size() == 2);  // the product, and the difference right in x's place
}

TEST_CASE("an update is computed in its state's place where nothing reads the old value later") {
  Setting s;
  const NodeId x = s.vector("x", 3);
  compile::ProgramSpec spec;
  spec.inputs = {{x, true, false, s.build("x*2")}};
  const Program p = compile::compile(s.g, spec);
  REQUIRE(p.update.size() == 1);
  CHECK(p.update[0].out.offset == p.inputs[0].location.offset);
  CHECK(p.lane_rows == 3);
}

TEST_CASE("updates happen at once: exchanged, shifted, shared and viewed states") {
  Setting s;
  const NodeId a = s.vector("a", 4);
  const NodeId b = s.vector("b", 4);
  const NodeId c = s.vector("c", 4);
  const NodeId d = s.vector("d", 2);
  const NodeId q = s.scalar("q");
  const std::vector<std::vector<double>> lanes = {{1, 2, 3, 4}, {5, 6, 7, 8}, {-1, 0.5, 0.25, 9}};
  const auto run = [&](const std::string& na, const std::string& nb, const std::string& nc, const std::string& nd,
                       const std::string& nq) {
    Experiment e;
    e.spec.inputs = {{a, true, false, s.build(na)},
                     {b, true, false, s.build(nb)},
                     {c, false, false, s.build(nc)},
                     {d, true, false, s.build(nd)},
                     {q, false, false, s.build(nq)}};
    e.spec.observed = {s.build("sum(a) + b[2]"), a, s.build("b[2:3]")};
    e.spec.recorded = {s.build("c*q"), d};
    e.start = {lanes, {{4, 3, 2, 1}}, {{0.5, 0.25, 2, 3}}, {{7, 8}}, {{3}}};
    e.record = {true, false, true, false, false, true};
    INFO(na, "; ", nb, "; ", nc, "; ", nd, "; ", nq);
    test::check_everywhere(s.g, e);
  };
  run("b", "a", "c", "d", "q");                         // exchange
  run("b", "c", "a", "b[2:3]", "q");                    // rotation; c becomes per lane
  run("a + 1", "a", "b", "a[1:2]", "q + 1");            // the previous point and the one before
  run("a + b", "a + b", "c*q", "(a + b)[3:4]", "q/2");  // one value for two states and a view of it
  run("a[range(1,4)*0 + 2]", "a*a[2]", "c[1] + c", "d[2] - d", "c[4]");
  run("where(a > 2, b, a)", "sum(a) + b", "c/norm(c)", "b[1:2]*a[3:4]", "sum(c)");
  run("a*q", "b*c", "c + q", "d*d[1]", "q*c[1]");
  run("3*a[1] + 0*a", "a[1:4]", "c", "a[3:4] - d", "1");
  run("c", "c", "c", "c[1:2]", "c[3]");  // uniform values into states per lane
}

TEST_CASE("a result never overwrites an operand that another operand still views") {
  Setting s;
  const NodeId a = s.vector("a", 4);
  const NodeId b = s.vector("b", 4);
  for (const std::string text : {"(a*b)*(a*b)[2]", "(a*b)[2]*(a*b)", "where((a*b)[3] > 0, (a*b)[1], a*b)",
                                 "(a*b)/norm(a*b)", "(a*b)[range(1,4)*0 + 3] - a*b"}) {
    Experiment e;
    e.spec.inputs = {{a, true, false, s.build(text)}, {b, true, false, no_node}};
    e.spec.recorded = {s.build(text + " + 1")};
    e.start = {{{1, 2, 3, 4}, {-1, 0.5, 0.25, 9}}, {{4, 3, 2, 1}, {1, 1, 0.5, 1}}};
    e.record = {true, false, true};
    INFO(text);
    test::check_everywhere(s.g, e);
  }
}

TEST_CASE("states that differ between lanes only through another state are found to differ") {
  Setting s;
  const NodeId x = s.scalar("x");
  const NodeId y = s.scalar("y");
  const NodeId z = s.scalar("z");
  Experiment e;
  e.spec.inputs = {{z, false, false, s.build("z + y")}, {y, false, false, s.build("y + x")}, {x, true, false, no_node}};
  e.spec.observed = {z};
  e.start = {{{0}}, {{0}}, {{1}, {2}, {3}}};
  e.record.assign(4, true);
  test::check_everywhere(s.g, e);
}
