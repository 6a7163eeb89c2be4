#include "language/word_tables.hpp"

namespace optexplore::language {
namespace {

using enum Word::Where;
constexpr auto function = Word::Kind::function;
constexpr auto whole = Shapes::whole;

constexpr Word table[] = {
    {.kind = function,
     .name = "f",
     .forms = {{{"f(v)", whole}}},
     .title = "the function at the point v; of a matrix the values at its rows, a vector",
     .note = "In rules each call is an evaluation, counted in the column evals_f; of a matrix one for each row.",
     .example = "x = where(f(x - lr*g) < f(x), x - lr*g, x)",
     .where = rules_and_columns},
    {.kind = function,
     .name = "grad",
     .forms = {{{"grad(v)", whole}}},
     .title = "gradient of the function at the point v",
     .note = "In rules each call is an evaluation, counted in the column evals_g; g is that at the point itself.",
     .example = "x = x - lr*grad(x - lr*g)",
     .foreign = "gradient nabla ∇",
     .where = rules_and_columns},
    {.kind = function,
     .name = "hvp",
     .forms = {{{"hvp(v, u)", whole}}},
     .title = "Hessian at the point v times the vector u",
     .note = "Exact, of any dimension, for about the price of two gradients.",
     .example = "x = x - lr*(g + lr*hvp(x, g))",
     .where = rules_and_columns},
    {.kind = function,
     .name = "hess",
     .forms = {{{"hess()", whole}}},
     .title = "Hessian at x, a matrix of n rows and columns",
     .note = "Up to 64 dimensions; it costs n Hessian-vector products.",
     .example = "x = x - lr*solve(hess() + 0.1*eye(), g)",
     .foreign = "hessian",
     .where = rules},
    {.kind = function,
     .name = "rand",
     .forms = {{{"rand()", whole}, {"rand(n)", whole}, {"rand(m, n)", whole}}},
     .title = "a random number for each coordinate, uniform in 0 to 1",
     .note = "With sizes for each element of a vector or a matrix, in rules. Draws depend on the seed, the run, the "
             "step, the "
             "coordinate and the place in the rule, on nothing else.",
     .example = "x = x - lr*rand()*g",
     .foreign = "random uniform",
     .where = rules},
    {.kind = function,
     .name = "randn",
     .forms = {{{"randn()", whole}, {"randn(n)", whole}, {"randn(m, n)", whole}}},
     .title = "a random number for each coordinate, normal with mean 0 and standard deviation 1",
     .note = "With sizes for each element of a vector or a matrix, in rules. Draws depend on the seed, the run, the "
             "step, the "
             "coordinate and the place in the rule, on nothing else.",
     .example = "x = x - lr*(g + 0.1*randn())",
     .foreign = "normal gauss",
     .where = rules},
    {.kind = function,
     .name = "rademacher",
     .forms = {{{"rademacher()", whole}, {"rademacher(n)", whole}, {"rademacher(m, n)", whole}}},
     .title = "-1 or 1 for each coordinate, either with probability 1/2",
     .note = "With sizes for each element of a vector or a matrix, in rules. Draws depend on the seed, the run, the "
             "step, the "
             "coordinate and the place in the rule, on nothing else.",
     .example = "x = x - lr*rademacher()*dot(g, rademacher())",
     .where = rules},
    {.kind = function,
     .name = "after",
     .forms = {{{"after(start, schedule)", whole}}},
     .title = "a schedule whose own clock starts late: until update start + 1 it stands at its first value",
     .note = "Both arguments may be given by name.",
     .example = "x = x - after(10, cosine_decay(lr, steps - 10))*g",
     .foreign = "delay",
     .where = rules},
};

}  // namespace

std::span<const Word> functions_of_rules() { return table; }

}  // namespace optexplore::language
