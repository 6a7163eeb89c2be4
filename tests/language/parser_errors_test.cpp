#include <doctest/doctest.h>

#include "language/failure.hpp"
#include "language/parser.hpp"

using namespace optexplore;
using namespace optexplore::language;
using namespace optexplore::text;

namespace {

struct Case {
  const char* text;
  const char* message;
};

template <class Parse, std::size_t N>
void check_all(Parse parse, const Case (&cases)[N]) {
  for (const Case& c : cases) CHECK(test::failure([&] { parse(c.text); }) == c.message);
}

}  // namespace

TEST_CASE("a malformed expression is shown with what was expected") {
  check_all(parse_expression,
            {
                {"", "expected an expression, found nothing"},
                {"   ", "expected an expression, found nothing"},
                {"(x", "this '(' is never closed\n  (x\n  ^"},
                {"(x+1", "this '(' is never closed\n  (x+1\n  ^"},
                {"sin(x", "this '(' is never closed\n  sin(x\n     ^"},
                {"sin(x]", "expected ')' or ',', found ']'\n  sin(x]\n       ^"},
                {"(x, y)", "expected ')', found ','\n  (x, y)\n    ^"},
                {"2x", "expected an operator before 'x'; a product needs '*', as in 2*x\n  2x\n   ^"},
                {"2(x)", "expected an operator before '('; a product needs '*', as in 2*x\n  2(x)\n   ^"},
                {"(x)(y)", "expected an operator before '('; a product needs '*', as in 2*x\n  (x)(y)\n     ^"},
                {"x)", "this ')' closes nothing\n  x)\n   ^"},
                {"x]", "this ']' closes nothing\n  x]\n   ^"},
                {"a<b<c", "comparisons can't be chained; write a < b and b < c\n  a<b<c\n     ^"},
                {"x=1", "unexpected '='; write '==' to compare\n  x=1\n   ^"},
                {"(x=1)", "unexpected '='; write '==' to compare\n  (x=1)\n    ^"},
                {"x +", "expected a number, a name or '(', found the end\n  x +\n     ^"},
                {"x + * y", "expected a number, a name or '(', found '*'\n  x + * y\n      ^"},
                {"+ ", "expected a number, a name or '(', found the end\n  + \n    ^"},
                {"* x", "expected a number, a name or '(', found '*'\n  * x\n  ^"},
                {"x[1", "expected ']' or ':', found the end\n  x[1\n     ^"},
                {"x[1:2", "expected ']', found the end\n  x[1:2\n       ^"},
                {"x[]", "expected a number, a name or '(', found ']'\n  x[]\n    ^"},
                {"x[1,2,3]", "there are at most two indices: a[i, j]\n  x[1,2,3]\n       ^"},
                {"x[1:2:3]", "expected ']', found ':'\n  x[1:2:3]\n       ^"},
                {"a < not b", "expected a number, a name or '(', found 'not'\n  a < not b\n      ^^^"},
                {"x and", "expected a number, a name or '(', found the end\n  x and\n       ^"},
                {"²", "expected a number, a name or '(', found '²'\n  ²\n  ^"},
                {"x² y", "expected an operator before 'y'; a product needs '*', as in 2*x\n  x² y\n     ^"},
                {"3 4", "expected an operator before '4'; a product needs '*', as in 2*x\n  3 4\n    ^"},
                {"x₁ x₂", "expected an operator before 'x2'; a product needs '*', as in 2*x\n  x₁ x₂\n     ^^"},
                {"2√x", "expected an operator or the end, found '√'\n  2√x\n   ^"},
                {"and", "expected a number, a name or '(', found 'and'\n  and\n  ^^^"},
                {"x not", "expected an operator before 'not'; a product needs '*', as in 2*x\n  x not\n    ^^^"},
            });
}

TEST_CASE("a malformed assignment is shown with what was expected") {
  check_all(parse_assignment, {
                                  {"m == 1", "expected '=' after the name, found '=='\n  m == 1\n    ^^"},
                                  {"m", "expected '=' after the name, found the end\n  m\n   ^"},
                                  {"2 = x", "expected a name to assign to, found '2'\n  2 = x\n  ^"},
                                  {"m = ", "expected an expression, found nothing\n  m = \n      ^"},
                                  {"and = 3", "'and' is a word of the language, not a name\n  and = 3\n  ^^^"},
                                  {"= 3", "expected a name to assign to, found '='\n  = 3\n  ^"},
                                  {"or = 1", "'or' is a word of the language, not a name\n  or = 1\n  ^^"},
                                  {"a, a = f(x)", "'a' is given twice\n  a, a = f(x)\n     ^"},
                                  {"a, = f(x)", "expected another name to assign to, found '='\n  a, = f(x)\n     ^"},
                              });
}

TEST_CASE("a malformed count is shown with what was expected") {
  check_all(parse_counting,
            {
                {"k = 1", "expected ':' and the last number, as in k = 1:n, found the end\n  k = 1\n       ^"},
                {"1:3", "expected a range to count through, such as k = 1:n, found '1'\n  1:3\n  ^"},
                {"k.a = 1:3", "the name of a counter can't contain a point\n  k.a = 1:3\n  ^^^"},
                {"k = 1:2:3", "expected an operator or the end, found ':'\n  k = 1:2:3\n         ^"},
            });
}

TEST_CASE("a malformed definition is shown with what was expected") {
  check_all(
      parse_definition,
      {
          {"f(x[0]) = 1",
           "expected the vector's dimension: a name, as in f(x[n]), or a whole number of at least 1, found '0'\n"
           "  f(x[0]) = 1\n      ^"},
          {"f(x[2.5]) = 1",
           "expected the vector's dimension: a name, as in f(x[n]), or a whole number of at least 1, found '2.5'\n"
           "  f(x[2.5]) = 1\n      ^^^"},
          {"f(x[x]) = 1", "the vector and its dimension have the same name\n  f(x[x]) = 1\n      ^"},
          {"f(x[n],y) = 1",
           "a vector of any length must be the only argument: f(x[n]) = …; beside others it needs a whole number: "
           "f(W[3,2], b[2]) = …\n  f(x[n],y) = 1\n    ^"},
          {"f(y,x[n]) = 1",
           "a vector of any length must be the only argument: f(x[n]) = …; beside others it needs a whole number: "
           "f(W[3,2], b[2]) = …\n  f(y,x[n]) = 1\n      ^"},
          {"f(W[m,2]) = 1", "a matrix needs whole numbers for its sizes: W[3,2]\n  f(W[m,2]) = 1\n      ^"},
          {"f(W[2,0]) = 1",
           "expected the number of the matrix' columns: a whole number of at least 1, found '0'\n"
           "  f(W[2,0]) = 1\n        ^"},
          {"f(W[100000,100000]) = 1",
           "a matrix of more than 10^9 elements\n  f(W[100000,100000]) = 1\n    ^^^^^^^^^^^^^^^^"},
          {"f(x,x) = 1", "the coordinate 'x' is given twice\n  f(x,x) = 1\n      ^"},
          {"f() = 1", "expected a coordinate's name, found ')'\n  f() = 1\n    ^"},
          {"f(x = 1", "expected ',' or ')', found '='\n  f(x = 1\n      ^"},
          {"f(x) ", "expected '=' and the function's formula, found the end\n  f(x) \n       ^"},
          {"f(x) = ", "expected an expression, found nothing\n  f(x) = \n         ^"},
          {"f(x) == 3", "expected '=' and the function's formula, found '=='\n  f(x) == 3\n       ^^"},
          {"f x = 3", "expected '(' after the function's name, as in f(x,y) = …, found 'x'\n  f x = 3\n    ^"},
          {"x^2", "expected '(' after the function's name, as in f(x,y) = …, found '^'\n  x^2\n   ^"},
          {"f(a.b) = 1", "a coordinate's name can't contain a point\n  f(a.b) = 1\n    ^^^"},
          {"f(2) = 1", "expected a coordinate's name, found '2'\n  f(2) = 1\n    ^"},
          {"f(x) = x = 2", "unexpected '='; write '==' to compare\n  f(x) = x = 2\n           ^"},
          {"f(and) = 3", "'and' is a word of the language, not a name\n  f(and) = 3\n    ^^^"},
          {"f(x[and]) = 3",
           "expected the vector's dimension: a name, as in f(x[n]), or a whole number of at least 1, found 'and'\n"
           "  f(x[and]) = 3\n      ^^^"},
          {"f(x[a.b]) = 3",
           "expected the vector's dimension: a name, as in f(x[n]), or a whole number of at least 1, found 'a.b'\n"
           "  f(x[a.b]) = 3\n      ^^^"},
          {"not(x) = 1", "'not' is a word of the language, not a name\n  not(x) = 1\n  ^^^"},
      });
}
