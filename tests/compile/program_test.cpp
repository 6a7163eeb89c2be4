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
    e.spec.inputs = {{x, true, false, x1, "x"},
                     {m, true, false, m1, "m"},
                     {v, true, false, v1, "v"},
                     {t, false, false, no_node, "t", std::nullopt, true},
                     {lr, false, true, no_node, "lr", 0.01}};
    e.spec.observed = {{f, "f"}};
    e.start = {{std::vector<double>(n, -1.2), std::vector<double>(n, 0.7)},
               {std::vector<double>(n, 0.0)},
               {std::vector<double>(n, 0.0)},
               {{1}},
               {{0.01}}};
    e.record.assign(20, false);
  }
  Experiment e;
};

}  // namespace

TEST_CASE("Adam on Rosenbrock as a program for blocks of lanes") {
  const Adam two(2);
  CHECK(to_text(compile::compile(two.g, two.e.spec)) == R"(in x=l0:2, m=l2:2, v=l4:2, t=u0, lr=c0
timing
  observe
    l1 = pow(c2, l0)
    l1 = sub(c1, l1)
    l2 = pow(c3, l0)
    l2 = sub(c1, l2)
  to u1 u2
observe
  l6 = sub(l1, powi2(l0))
  l7 = mul(c4, powi2(l6))
  l8 = sub(c2, l0)
  l7 = add(l7, powi2(l8))
update
  l8 = mul(c3, mul(c1, l8))
  l10 = mul(c5, mul(c1, l6))
  l6 = mul(l10, mul(c1, l0))
  l9 = sub(neg(l8), l6)
  l6:2 = mul(l9:2, c7)
  l2:2 = add(mul(l2:2, c6), l6:2)
  l6:2 = mul(c0, div(l2:2, u1))
  l9:2 = mul(c9, powi2(l9:2))
  l4:2 = add(mul(l4:2, c8), l9:2)
  l8:2 = sqrt(div(l4:2, u2))
  l6:2 = div(l6:2, add(l8:2, c10))
  l0:2 = sub(l0:2, l6:2)
observed f=l7
)");
}

TEST_CASE("Adam on Rosenbrock runs as the plain interpreter runs it") {
  const Adam two(2);
  test::check_everywhere(two.g, two.e);
  const Adam nine(9);
  test::check_everywhere(nine.g, nine.e);
}

TEST_CASE("what nobody asks for is not computed") {
  Setting s;
  const NodeId x = s.vector("x", 2);
  s.scope.set("n", s.g.constant(2.0));
  const NodeId f = s.build("x[1]*x[2]");
  const NodeId df = gradient(s.g, f, x);
  compile::ProgramSpec spec;
  spec.inputs = {{x, true, false, no_node, "x"}};
  spec.observed = {{f, "f"}};
  CHECK(to_text(compile::compile(s.g, spec)) == R"(in x=l0:2
observe
  l2 = mul(l0, l1)
observed f=l2
)");
  spec.recorded = {{df, "df"}};
  CHECK(to_text(compile::compile(s.g, spec)) == R"(in x=l0:2
observe
  l2 = mul(l0, l1)
record
  l3 = fill(l1)
  l4 = fill(l0)
observed f=l2
recorded df=l3:2
)");
}

TEST_CASE("what depends on hyperparameters is computed once per run, on known ones once for all") {
  Setting s;
  const NodeId lr = s.scalar("lr"), beta = s.scalar("beta");
  const NodeId x = s.vector("x", 3);
  compile::ProgramSpec spec;
  spec.inputs = {{lr, true, true, no_node, "lr"},
                 {beta, false, true, no_node, "beta", 0.9},
                 {x, true, false, s.build("x - sqrt(lr)*(1 - beta)*x"), "x"}};
  CHECK(to_text(compile::compile(s.g, spec)) == R"(in lr=l0, beta=c0, x=l1:3
setup
  c2 = sub(c1, c0)
prologue
  l4 = mul(sqrt(l0), c2)
update
  l5:3 = mul(l1:3, l4)
  l1:3 = sub(l1:3, l5:3)
)");
}

TEST_CASE("what depends on the clock alone has a program of its own") {
  Setting s;
  const NodeId t = s.scalar("t"), beta = s.scalar("beta"), lr = s.scalar("lr");
  const NodeId x = s.scalar("x");
  compile::ProgramSpec spec;
  spec.inputs = {{x, true, false, s.build("x/(1 - beta^t) + lr^t"), "x"},
                 {t, false, false, no_node, "t", std::nullopt, true},
                 {beta, false, true, no_node, "beta", 0.9},
                 {lr, true, true, no_node, "lr"}};
  CHECK(to_text(compile::compile(s.g, spec)) == R"(in x=l0, t=u0, beta=c0, lr=l1
timing
  observe
    l1 = pow(c0, l0)
    l1 = sub(c1, l1)
  to u1
update
  l2 = pow(l1, u0)
  l0 = add(div(l0, u1), l2)
)");
}

TEST_CASE("an update is computed in its state's place where nothing reads the old value later") {
  Setting s;
  const NodeId x = s.vector("x", 3);
  compile::ProgramSpec spec;
  spec.inputs = {{x, true, false, s.build("x*2"), "x"}};
  CHECK(to_text(compile::compile(s.g, spec)) == R"(in x=l0:3
update
  l0:3 = mul(l0:3, c0)
)");
}

TEST_CASE("compiling grows linearly with the text") {
  Setting s;
  const NodeId x = s.vector("x", 2);
  compile::ProgramSpec spec;
  spec.inputs = {{x, true, false, no_node, "x"}};
  std::vector<NodeId> terms;
  for (int k = 0; k < 100'000; ++k)
    terms.push_back(s.g.mul(s.g.element(x, k % 2), s.g.add(s.g.element(x, 0), s.g.constant(k))));
  spec.observed = {{s.g.apply(Op::sum, {s.g.concat(terms)}), "f"}};
  const Program program = compile::compile(s.g, spec);  // quadratic steps would take hours
  CHECK(program.observe.size() == 100'001);             // fused terms, and the sum
  compile::check(program);
}

TEST_CASE("a program that reads what nothing has written is found") {
  const Adam adam(2);
  Program program = compile::compile(adam.g, adam.e.spec);
  CHECK_NOTHROW(compile::check(program));
  program.observe.erase(program.observe.begin());
  CHECK_THROWS_AS(compile::check(program), std::logic_error);
  CHECK_THROWS_AS((void)program.input("nothing"), std::logic_error);
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
