#include "picture/plane.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <optexplore/error.hpp>
#include <optexplore/function.hpp>

#include "picture/scene.hpp"

using namespace optexplore;
using picture::Plane;
using picture::Scene;

namespace {

std::string failure(const std::string& definition, std::optional<std::string> x, std::optional<std::string> y) {
  try {
    const Function f = Function::parse(definition);
    picture::coordinate_plane(f.spec(), x, y);
    return "no error";
  } catch (const InputError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("a coordinate that was asked for moves the other one out of its way") {
  const Function f = Function::parse("f(a,b,c) = a + b + c");
  CHECK(picture::coordinate_plane(f.spec(), "b", std::nullopt).labels == std::array<std::string, 2>{"b", "a"});
  CHECK(picture::coordinate_plane(f.spec(), std::nullopt, "a").labels == std::array<std::string, 2>{"b", "a"});
  CHECK(picture::coordinate_plane(f.spec(), "c", "a").coordinates == std::array<std::size_t, 2>{2, 0});
  CHECK(failure("f(a,b,c) = a", "a", "a") == "--y: expected two different coordinates, found 'a' twice");
  CHECK(failure("f(aa,bb) = aa", "aaa", std::nullopt) ==
        "--x: 'aaa' is no coordinate of f (it has: aa, bb); did you mean 'aa'?");
}

TEST_CASE("the value of the function at a place of the scene's plane is the grid's value there") {
  const std::string config = R"({"function": {"name": "rosenbrock", "dim": 4}, "steps": 300,
    "optimizers": [{"type": "adam", "lr": 0.02}, {"type": "momentum", "lr": 0.0005}]})";
  for (const bool pca : {false, true}) {
    CAPTURE(pca);
    picture::SceneOptions options;
    options.pca = pca;
    options.grid = 11;
    const Scene scene = picture::make_scene(read_experiment(config, "test"), options);
    const Function f(scene.function);
    REQUIRE(scene.values.size() == 121);
    for (const std::size_t i : {0U, 5U, 60U, 120U}) {
      const auto at = [&](std::size_t k, std::size_t index) {
        return scene.range[k].low + (scene.range[k].high - scene.range[k].low) * static_cast<double>(index) / 10;
      };
      const double value = f.value(scene.plane.point(at(0, i % 11), at(1, i / 11)));
      CHECK(scene.values[i] == doctest::Approx(value).epsilon(1e-9));
    }
    // A point of a path lies where its projection says; rows begin with the start and end with the last step.
    CHECK(scene.paths.size() == 2);
    CHECK(scene.columns[0] == "step");
    CHECK(scene.paths[0].rows[0] == 0);
    CHECK(scene.paths[0].rows[scene.paths[0].rows.size() - scene.width()] == 300);
  }
}

TEST_CASE("a diverged path ends with a mark inside the view, and frames are steps of every path") {
  const std::string config = R"({"function": "book", "steps": 500,
    "optimizers": [{"type": "sgd", "lr": 1.3}, {"type": "adam", "lr": 0.3}]})";
  picture::SceneOptions options;
  options.frames = 13;
  const Scene scene = picture::make_scene(read_experiment(config, "test"), options);
  CHECK_FALSE(scene.paths[1].lost);
  // It grows, but not beyond every number in 500 steps.
  CHECK(scene.paths[0].status == Status::max_steps);
  CHECK(scene.paths[0].lost);
  REQUIRE(scene.frame_steps.size() == 13);
  CHECK(scene.frame_steps.back() == 500);
  for (const picture::ScenePath& path : scene.paths)
    for (const std::uint64_t step : scene.frame_steps) {
      bool found = false;
      for (std::size_t r = 0; r < path.rows.size(); r += scene.width())
        found = found || path.rows[r] == static_cast<double>(step);
      CHECK(found);
    }

  const std::string longer = R"({"function": "book", "steps": 5000, "optimizers": [{"type": "sgd", "lr": 1.3}]})";
  const Scene lost = picture::make_scene(read_experiment(longer, "test"), {});
  CHECK(lost.paths[0].status == Status::diverged);
  REQUIRE(lost.paths[0].lost);
  CHECK(lost.paths[0].shown < lost.paths[0].rows.size() / lost.width());
  for (std::size_t k = 0; k < 2; ++k) {
    CHECK((*lost.paths[0].lost)[k] > lost.range[k].low);
    CHECK((*lost.paths[0].lost)[k] < lost.range[k].high);
  }
}
