#include <doctest/doctest.h>

#include "experiment/experiment_test.hpp"

using namespace optexplore;

namespace {

const std::string tail = R"(,"optimizers":[{"type":"sgd"}]})";

Experiment read(const std::string& head) { return read_experiment(head + tail, "book.json"); }
std::string error_of(const std::string& head) { return experiment_error(head + tail); }

}  // namespace

TEST_CASE("the dimension of an f(x[n]) comes from dim, else the start, else the entry") {
  CHECK(read(R"({"function":"rosenbrock")").functions[0].dim == 2);
  CHECK(read(R"({"function":"rosenbrock","start":[1,2,3])").functions[0].dim == 3);
  CHECK(read(R"({"function":{"name":"rosenbrock","dim":5})").functions[0].dim == 5);
  CHECK(read(R"({"function":"rosenbrock","start":{"uniform":[[0,1],[0,1],[0,1],[0,1]]})").functions[0].dim == 4);
  CHECK(error_of(R"({"function":"f(x[n]) = dot(x,x) + 0","start":1.5)") ==
        "/function: the dimension of f(x[n]) is not known; add \"dim\" to the function, or a start with all "
        "coordinates");
  CHECK(error_of(R"({"function":{"name":"book","dim":3})") ==
        "/function/dim: the definition fixes the dimension at 2, found 3");
}

TEST_CASE("a start of several numbers is repeated for more coordinates") {
  const FunctionSpec function = read(R"({"function":{"name":"rosenbrock","dim":5})").functions[0];
  CHECK(function.entry.start == std::vector<double>{-1.2, 1, -1.2, 1, -1.2});
  CHECK(function.coordinate(4) == "x5");
  CHECK(function.find_coordinate("x5") == std::size_t{4});
  for (const char* name : {"x6", "x0", "x05", "x", "x1x", "y1"})
    CHECK_FALSE(function.find_coordinate(name).has_value());
}

TEST_CASE("knowledge that holds for other parameters or dimensions is dropped") {
  CHECK(read(R"({"function":{"name":"ackley","params":{"a":10}})").functions[0].minimizers.empty());
  CHECK(read(R"({"function":{"name":"styblinski_tang","dim":3})").functions[0].minimum == 3 * -39.16616570377142);
  CHECK_FALSE(
      read(R"({"function":{"name":"michalewicz","dim":3})").functions[0].minimum.has_value());  // only known for 2
  CHECK(read(R"({"function":{"name":"rosenbrock","dim":3})").functions[0].minimum == 0.0);
}

TEST_CASE("several functions have names of their own") {
  const auto functions = read(R"({"functions":["rosenbrock",{"name":"rosenbrock","dim":10},"book"])").functions;
  CHECK(functions[0].entry.name == "rosenbrock n=2");
  CHECK(functions[1].entry.name == "rosenbrock n=10");
  CHECK(functions[1].pointer == "/functions/1");
  CHECK(error_of(R"({"functions":["f(x)=x^2","f(x)=x^4"],"start":1)") ==
        "/functions/1: the function's name 'f' is also that of /functions/0; give a definition a \"name\" of its own");
}

TEST_CASE("faults of a function are named") {
  CHECK(error_of(R"({"function":"rosenbrok")") ==
        "/function: unknown function 'rosenbrok'; did you mean 'rosenbrock'?");
  CHECK(error_of(R"({"function":{"name":"ackley","params":{"q":1}})") ==
        "/function/params: ackley01 has no parameter 'q' (it has: a, b, c)");
  CHECK(error_of(R"({"function":{"name":"book","domian":[0,1]})").starts_with("/function: unknown key 'domian'"));
  CHECK(error_of(R"({"function":{})") ==
        "/function: expected \"name\" (a function of the catalogue) or \"definition\"");
  CHECK(error_of(R"({"function":3)") ==
        "/function: expected a definition such as \"f(x,y) = x^2 + y^2\", a catalogue name or an object, found 3");
  CHECK(error_of(R"({"function":"f(x,x) = x","start":[1,2])") ==
        "/function: the coordinate 'x' is given twice\n  f(x,x) = x\n      ^");
}

TEST_CASE("a start must fit the function") {
  CHECK(error_of(R"({"function":"book","start":[1,2,3])") == "/start: expected 2 numbers (x, y), found 3");
  CHECK(error_of(R"({"function":"book","start":1)") == "/start: expected 2 numbers (x, y), found 1");
  CHECK(error_of(R"({"function":{"name":"sphere","dim":9},"start":[1,2])") ==
        "/start: expected 9 numbers (x1 … x9), found 2");
  CHECK(error_of(R"({"functions":["book","beale","sphere"],"start":[1,2,3])") ==
        "/start: expected 2 numbers (x, y) for book, found 3");
  CHECK(read(R"({"function":{"name":"sphere","dim":9},"start":1.5)").start.points ==
        std::vector<std::vector<double>>{{1.5}});
}

TEST_CASE("starts that stand for many are checked") {
  CHECK(error_of(R"({"function":"book","start":{"grid":[[0,1,3],[0,1,1]]})") ==
        "/start/grid/1: one point on an axis needs low = high");
  CHECK(error_of(R"({"function":"book","start":{"grid":[[0,1,3]]})") == "/start/grid: expected 2 axes (x, y), found 1");
  CHECK(error_of(R"({"function":"book","start":{"grid":[[0,1,1e9],[0,1,1e9]]})") ==
        "/start/grid: the grid has more than 2^53 points");
  CHECK(error_of(R"({"function":"book","start":{"points":[]})") == "/start/points: expected at least one point");
  CHECK(error_of(R"({"function":"book","start":{"uniform":[[1,0],[0,1]]})") ==
        "/start/uniform/0: expected an interval [low, high] with low < high");
  CHECK(error_of(R"({"function":"book","start":{"domain":2,"count":3})") ==
        "/start: 'count' goes with 'uniform', 'normal' and 'blocks' only");
  CHECK(error_of(R"({"function":"book","start":{})") ==
        "/start: expected exactly one of points, grid, uniform, normal, domain and blocks");
  CHECK(error_of(R"({"function":"f(x)=x^2","start":{"domain":2})") ==
        "/start/domain: the function f has no domain; give it one, or use {\"uniform\": …}");
  CHECK(error_of(R"({"function":"book","start":{"normal":[[0,1]]})") ==
        "/start/normal: expected 2 pairs (x, y), found 1");
  CHECK(error_of(R"({"function":"book","start":{"normal":[[0,1],[0,0]]})") ==
        "/start/normal/1: expected a standard deviation above 0");
  CHECK(error_of(R"({"function":"book","start":{"normal":[[0,1],[0]]})") ==
        "/start/normal/1: expected [mean, standard deviation]");
  CHECK(read(R"({"function":"rosenbrock","start":{"normal":[[0,1],[0,1],[0,1]]})").functions[0].dim == 3);
  const StartSpec start = read(R"({"function":"book","start":{"uniform":[[-1,1],[0,2]],"count":5})").start;
  CHECK(start.count == 5);
  CHECK(start.box[1].high == 2);
}

TEST_CASE("an entry is made a function of a dimension, with what is known there") {
  FunctionEntry entry = catalog::function("rosenbrock");
  const FunctionSpec function = make_function(entry, 3);
  CHECK(function.dim == 3);
  CHECK(function.start() == std::vector<double>{-1.2, 1, -1.2});
  CHECK(function.minimizers == std::vector<std::vector<double>>{{1, 1, 1}});
  CHECK(function.minimum == 0.0);
  entry.domain = {{-1, 1}, {0, 2}, {0, 4}};
  CHECK(make_function(entry, 3).interval(2)->high == 4);
  CHECK_THROWS_WITH_AS(make_function(entry, 2), "the domain has 3 intervals for 2 coordinates", InputError);
  entry.dim = 0;
  CHECK_THROWS_AS(make_function(entry), InputError);
  CHECK_THROWS_WITH_AS(make_function(catalog::function("book"), 3), "the definition fixes the dimension at 2, found 3",
                       InputError);
}
