// A program of somebody else's that uses the installed library: evaluates a function, and runs an experiment.

#include <cmath>
#include <iostream>
#include <optexplore/catalog.hpp>
#include <optexplore/error.hpp>
#include <optexplore/function.hpp>
#include <optexplore/run.hpp>
#include <optexplore/version.hpp>
#include <string>
#include <vector>

int main() {
  const auto f = optexplore::Function::parse("f(x,y) = x²/20 + y²");
  const std::vector<double> start = {-7, 2};
  const std::vector<double> gradient = f.gradient(start);
  const std::vector<double> product = f.hessian_product(start, std::vector<double>{1, 1});
  if (f.value(start) != 6.45 || gradient[1] != 4 || std::fabs(gradient[0] + 0.7) > 1e-15 || product[1] != 2) return 1;

  const auto config = optexplore::read_config(
      R"({"function": "book", "steps": 5, "optimizers": [{"type": "sgd", "lr": 0.95}], "columns": ["step", "x"]})",
      "inline");
  optexplore::RunStream stream(config.experiment, {config.columns});
  double x = 0;
  while (auto block = stream.next()) x = block->at(stream.schema().column("x"), block->rows - 1);
  const double expected = -7 * std::pow(1 - 0.95 / 10, 5);  // each step multiplies x by 1 - lr/10
  if (std::fabs(x - expected) > 1e-14 * std::fabs(expected)) return 1;

  try {
    optexplore::Function::parse("f(x) = sn(x)");
    return 1;
  } catch (const optexplore::InputError& error) {
    if (error.message() != "undefined function 'sn'; did you mean 'sin'?") return 1;
  }
#ifdef OPENS_NO_FILES
  try {
    optexplore::catalog::rule("mine.json");
    return 1;
  } catch (const optexplore::IoError& error) {
    if (error.what() != std::string("mine.json: this build of optexplore opens no files")) return 1;
  }
#endif
  std::cout << "optexplore " << optexplore::version << '\n';
}
