#include <doctest/doctest.h>

#include "language/failure.hpp"
#include "program/graph_tools.hpp"

using namespace optexplore;
using namespace optexplore::language;
using namespace optexplore::program;

namespace {

/// x has 5 elements, y has 3; u and alpha are scalars; a is a 2×3 matrix; f takes a vector.
struct World : test::Setting {
  World() {
    vector("x", 5);
    vector("y", 3);
    scalar("u");
    scalar("alpha");
    scope.set("a", g.constant({1, 2, 3, 4, 5, 6}, matrix_shape(2, 3)));
    scope.functions["f"] = {[this](std::span<const NodeId> v) {
      if (g.shape(v[0]).scalar()) throw InputError("f takes a point");
      return g.apply(Op::sum, {v[0]});
    }};
    scope.unavailable["steps"] = "it is known only in a rule";
  }
};

struct Case {
  const char* text;
  const char* message;
};

constexpr Case cases[] = {
    {"x+y", "vectors of 5 and 3 elements can't be combined\n  x+y\n   ^"},
    {"alhpa", "undefined name 'alhpa'; did you mean 'alpha'?\n  alhpa\n  ^^^^^"},
    {"z", "undefined name 'z'\n  z\n  ^"},
    {"Alpha", "undefined name 'Alpha'; did you mean 'alpha'?\n  Alpha\n  ^^^^^"},
    {"pI", "undefined name 'pI'; did you mean 'pi'?\n  pI\n  ^^"},
    {"infinity", "undefined name 'infinity'; it is called 'inf' here\n  infinity\n  ^^^^^^^^"},
    {"x1", "undefined name 'x1'; did you mean 'x'?\n  x1\n  ^^"},
    {"sin", "'sin' is a function; write sin(…)\n  sin\n  ^^^"},
    {"f", "'f' is a function; write f(…)\n  f\n  ^"},
    {"f + 1", "'f' is a function; write f(…)\n  f + 1\n  ^"},
    {"steps", "'steps' is not available here: it is known only in a rule\n  steps\n  ^^^^^"},
    {"steps(1)", "'steps' is not available here: it is known only in a rule\n  steps(1)\n  ^^^^^"},
    {"foo(x)", "undefined function 'foo'\n  foo(x)\n  ^^^"},
    {"sine(x)", "undefined function 'sine'; did you mean 'sin'?\n  sine(x)\n  ^^^^"},
    {"norm2(x)", "undefined function 'norm2'; did you mean 'norm'?\n  norm2(x)\n  ^^^^^"},
    {"add(u,u)", "undefined function 'add'\n  add(u,u)\n  ^^^"},
    {"neg(u)", "undefined function 'neg'\n  neg(u)\n  ^^^"},
    {"1 + lt(u,1)", "undefined function 'lt'\n  1 + lt(u,1)\n      ^^"},
    {"ln(u)", "undefined function 'ln'; it is called 'log' here\n  ln(u)\n  ^^"},
    {"clamp(u,0,1)", "undefined function 'clamp'; it is called 'clip' here\n  clamp(u,0,1)\n  ^^^^^"},
    {"hess()", "'hess' is not available here: it belongs to rules\n  hess()\n  ^^^^"},
    {"grad(x)",
     "'grad' is not available here: it belongs to rules, columns and stop conditions\n"
     "  grad(x)\n  ^^^^"},
    {"u(x)", "'u' is not a function; a product needs '*'\n  u(x)\n  ^"},
    {"pi(2)", "'pi' is not a function; a product needs '*'\n  pi(2)\n  ^^"},
    {"sin(x,y)", "sin takes 1 argument (x), found 2\n  sin(x,y)\n  ^^^^^^^^"},
    {"sin()", "sin takes 1 argument (x), found 0\n  sin()\n  ^^^^^"},
    {"atan2(x)", "atan2 takes 2 arguments (y, x), found 1\n  atan2(x)\n  ^^^^^^^^"},
    {"min()", "min takes 1 argument (v) or at least 2 (a, b, …), found 0\n  min()\n  ^^^^^"},
    {"clip(x)", "clip takes 3 arguments (v, lo, hi), found 1\n  clip(x)\n  ^^^^^^^"},
    {"clip(x,1,y)", "vectors of 5 and 3 elements can't be combined\n  clip(x,1,y)\n  ^^^^"},
    {"where(x,1)", "where takes 3 arguments (c, a, b), found 2\n  where(x,1)\n  ^^^^^^^^^^"},
    {"where(x,y,1)", "vectors of 5 and 3 elements can't be combined\n  where(x,y,1)\n  ^^^^^"},
    {"min(x,u,y)", "vectors of 5 and 3 elements can't be combined\n  min(x,u,y)\n  ^^^"},
    {"sum(x,y)", "expected 1 or 2, the index along which to go, found a vector of 3\n  sum(x,y)\n        ^"},
    {"sum(k,1,3)",
     "sum takes 1 argument (v) or 2 (v, dim) or 4 (k, first, last, expression), found 3\n"
     "  sum(k,1,3)\n  ^^^^^^^^^^"},
    {"prod(k,1,3,4,5)",
     "prod takes 1 argument (v) or 2 (v, dim) or 4 (k, first, last, expression), found 5\n"
     "  prod(k,1,3,4,5)\n  ^^^^^^^^^^^^^^^"},
    {"dot(x)", "dot takes 2 arguments (a, b), found 1\n  dot(x)\n  ^^^^^^"},
    {"dot(x,y)", "vectors of 5 and 3 elements can't be combined\n  dot(x,y)\n  ^^^"},
    {"norm(x,y)",
     "expected 1 or 2, the index along which to go, found a vector of 3; norm is the Euclidean one, see also norm1 and "
     "norminf\n  norm(x,y)\n         ^"},
    {"norm1(x,y)", "norm1 takes 1 argument (v), found 2\n  norm1(x,y)\n  ^^^^^^^^^^"},
    {"range(1)", "range takes 2 arguments (first, last), found 1\n  range(1)\n  ^^^^^^^^"},
    {"range(2,1)", "the range is empty\n  range(2,1)\n  ^^^^^^^^^^"},
    {"range(1,u)",
     "a range's end must be known before the run; it can't depend on the point, on t, or on what a sweep varies\n"
     "  range(1,u)\n          ^"},
    {"range(1,2.5)", "a range's end must be a whole number\n  range(1,2.5)\n          ^^^"},
    {"range(1,1e9)", "the range is longer than 10000000\n  range(1,1e9)\n  ^^^^^^^^^^^^"},
    {"range(1,x)", "a range's end must be a number, found a vector of 5\n  range(1,x)\n          ^"},
    {"range(1,range(1,3))",
     "a range's end must be a number, found a vector of 3\n"
     "  range(1,range(1,3))\n          ^^^^^^^^^^"},
    {"f(x,y)", "f takes 1 argument (v), found 2\n  f(x,y)\n  ^^^^^^"},
    {"f(u)", "f takes a point\n  f(u)\n  ^^^^"},
    {"2*f(u)", "f takes a point\n  2*f(u)\n    ^^^^"},
    {"x[0]", "index 0 is outside 1…5\n  x[0]\n    ^"},
    {"x[6]", "index 6 is outside 1…5\n  x[6]\n    ^"},
    {"x[-1]", "index -1 is outside 1…5\n  x[-1]\n    ^^"},
    {"x[1.5]", "an index must be a whole number\n  x[1.5]\n    ^^^"},
    {"x[inf]", "index inf is outside 1…5\n  x[inf]\n    ^^^"},
    {"x[-inf]", "index -inf is outside 1…5\n  x[-inf]\n    ^^^^"},
    {"x[nan]", "an index must be a whole number\n  x[nan]\n    ^^^"},
    {"x[1e300]", "index 1e+300 is outside 1…5\n  x[1e300]\n    ^^^^^"},
    {"x[range(4,7)]", "index 6 is outside 1…5\n  x[range(4,7)]\n    ^^^^^^^^^^"},
    {"x[1,2]", "two indices need a matrix\n  x[1,2]\n  ^^^^^^"},
    {"x[0:2]", "index 0 is outside 1…5\n  x[0:2]\n    ^"},
    {"x[2:6]", "index 6 is outside 1…5\n  x[2:6]\n      ^"},
    {"x[4:2]", "the slice is empty: its end lies before its beginning\n  x[4:2]\n  ^^^^^^"},
    {"x[1:inf]", "a range's end must be a whole number\n  x[1:inf]\n      ^^^"},
    {"x[1:u]", "a range's end must be known before the run; it can't depend on the point\n  x[1:u]\n      ^"},
    {"u[1]", "a number has no elements; only a vector or a matrix has\n  u[1]\n  ^"},
    {"u[1:2]", "a number has no elements; only a vector or a matrix has\n  u[1:2]\n  ^"},
    {"x[2][1]", "a number has no elements; only a vector or a matrix has\n  x[2][1]\n  ^^^^"},
    {"a + x", "a matrix of 2×3 and a vector of 5 can't be combined\n  a + x\n    ^"},
    {"a*a'", "matrices of 2×3 and 3×2 can't be combined\n  a*a'\n   ^"},
    {"a @ a", "a matrix of 2×3 @ a matrix of 2×3: the left has 3 columns, the right 2 rows\n  a @ a\n    ^"},
    {"a @ x", "a matrix of 2×3 @ a vector of 5: the left has 3 columns, the right 5 elements\n  a @ x\n    ^"},
    {"x @ u", "'@' multiplies vectors and matrices; a number needs '*'\n  x @ u\n    ^"},
    {"x'",
     "expected a matrix, found a vector of 5; outer(a, b) is the matrix of all products, reshape(v, 1, n) a row\n  "
     "x'\n  ^"},
    {"[x, y]", "expected a row of 5 elements, found a vector of 3\n  [x, y]\n      ^"},
    {"[1, y]", "expected a number as an element of a vector, found a vector of 3\n  [1, y]\n      ^"},
    {"[a, a]", "expected a number, or a vector as a row of a matrix, found a matrix of 2×3\n  [a, a]\n   ^"},
    {"zeros(1e5, 1e5)",
     "expected at most 10000000 elements, found 100000×100000\n  zeros(1e5, 1e5)\n  ^^^^^^^^^^^^^^^"},
    {"zeros(0)", "a length must be at least 1, found 0\n  zeros(0)\n        ^"},
    {"reshape(a, 4, 2)",
     "a matrix of 2×3 can't become a matrix of 4×2: its elements are not as many\n  reshape(a, 4, 2)\n          ^"},
    {"sum(a, 3)", "expected 1 or 2, the index along which to go, found 3\n  sum(a, 3)\n         ^"},
    {"sum(x, 2)", "a vector of 5 has no index 2\n  sum(x, 2)\n      ^"},
    {"sum(a, dim=u)",
     "expected 1 or 2, the index along which to go, found what is known only in a run\n  sum(a, dim=u)\n             "
     "^"},
    {"max(a, dmi=1)",
     "max has no argument 'dmi'; write '==' to compare; did you mean 'dim'?\n  max(a, dmi=1)\n         ^^^"},
    {"sum(a, axis=1)", "sum has no argument 'axis'; it is called 'dim' here\n  sum(a, axis=1)\n         ^^^^"},
    {"mean(u, 2)", "a number has no index 2\n  mean(u, 2)\n       ^"},
    {"min(a, dim=1, dim=1)", "argument 'dim' of min is given twice\n  min(a, dim=1, dim=1)\n                ^^^"},
    {"eye()", "eye() without a number of rows belongs to rules; write eye(n)\n  eye()\n  ^^^^^"},
    {"max([[1],[2]], a, x)", "a matrix of 2×3 and a vector of 5 can't be combined\n  max([[1],[2]], a, x)\n  ^^^"},
    {"clip(x, lo=1)", "clip takes 3 arguments (v, lo, hi), found 2\n  clip(x, lo=1)\n  ^^^^^^^^^^^^^"},
    {"clip(x, 0, v=1)", "argument 'v' of clip is given twice\n  clip(x, 0, v=1)\n             ^"},
    {"solve(a, y)", "expected a square matrix, found a matrix of 2×3\n  solve(a, y)\n        ^"},
    {"solve(eye(3), x)",
     "expected a vector of 3, or a matrix with as many rows, found a vector of 5\n  solve(eye(3), x)\n                "
     "^"},
    {"outer(a, y)", "expected a vector, found a matrix of 2×3\n  outer(a, y)\n        ^"},
    {"onehot([1, 4], 3)", "expected labels in 1…3\n  onehot([1, 4], 3)\n         ^^^^^^"},
    {"stack(x, y)", "expected rows of 5 elements, found a vector of 3\n  stack(x, y)\n           ^"},
    {"a[1,2,3]", "there are at most two indices: a[i, j]\n  a[1,2,3]\n       ^"},
    {"a[a]", "expected a number or a vector as an index, found a matrix of 2×3\n  a[a]\n    ^"},
    {"a[3]", "index 3 is outside 1…2\n  a[3]\n    ^"},
    {"a[1,4]", "index 4 is outside 1…3\n  a[1,4]\n      ^"},
    {"a[range(1,2),range(1,3)]",
     "the indices differ in length: 2 and 3\n"
     "  a[range(1,2),range(1,3)]\n  ^^^^^^^^^^^^^^^^^^^^^^^^"},
    {"sum(1,1,2,3)", "expected the index's name, as in sum(k, 1, n, x[k])\n  sum(1,1,2,3)\n      ^"},
    {"sum(k.j,1,3,1)", "expected the index's name, as in sum(k, 1, n, x[k])\n  sum(k.j,1,3,1)\n      ^^^"},
    {"sum(k,1,u,k)",
     "a range's end must be known before the run; it can't depend on the point\n"
     "  sum(k,1,u,k)\n          ^"},
    {"sum(k,1,3,x)", "expected a number for each term, found a vector of 5\n  sum(k,1,3,x)\n            ^"},
    {"sum(k,1,5,x[k+1])", "index 6 is outside 1…5\n  sum(k,1,5,x[k+1])\n              ^^^"},
    {"sum(k,1,5,norm(x)*x[k+1])",
     "index 6 is outside 1…5\n"
     "  sum(k,1,5,norm(x)*x[k+1])\n                      ^^^"},
    {"sum(k,1,5,x[k]*k) + k", "undefined name 'k'\n  sum(k,1,5,x[k]*k) + k\n                      ^"},
    {"sum(x,1,3,x[1])",
     "a number has no elements; only a vector or a matrix has\n"
     "  sum(x,1,3,x[1])\n            ^"},
    {"sum(k,1,5000000,norm(x))",
     "more than 1000000 terms that use whole vectors\n"
     "  sum(k,1,5000000,norm(x))\n                  ^^^^^^^"},
    {"sum(k,1,1e9,k)", "the range is longer than 10000000\n  sum(k,1,1e9,k)\n  ^^^^^^^^^^^^^^"},
    {"sum(k,1,3,zeta*k)", "undefined name 'zeta'\n  sum(k,1,3,zeta*k)\n            ^^^^"},
};

}  // namespace

TEST_CASE("what can't be built is shown with the reason and the place") {
  for (const Case& c : cases) {
    World w;
    CHECK_MESSAGE(test::failure([&] { w.build(c.text); }) == c.message, std::string(c.text));
  }
}

TEST_CASE("a value that must be a number says what it is instead") {
  World w;
  const auto built = [&](const char* text) {
    return test::failure([&] { build_scalar(w.g, parse_expression(text), w.scope, "a function's value"); });
  };
  CHECK(built("x + 1") ==
        "a function's value must be a number, found a vector of 5; reduce it, for example with norm(…) or sum(…)\n"
        "  x + 1\n  ^^^^^");
  CHECK(built("sum(x)") == "no error");
}
