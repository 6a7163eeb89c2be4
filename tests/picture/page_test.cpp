#include "picture/page/page.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace optexplore;
using nlohmann::json;

namespace {

std::string page_of(const std::string& config, const std::optional<std::string>& title = std::nullopt) {
  const Experiment experiment = read_experiment(config, "test");
  const picture::SceneOptions options =
      picture::page_scene_options({}, experiment, RunStream(experiment, {}).trajectories());
  return picture::page(picture::make_scene(experiment, options), title);
}

json document_of(const std::string& page) {
  const std::string begin = R"(<script type="application/json" id="data">)";
  const std::size_t first = page.find(begin) + begin.size();
  return json::parse(page.substr(first, page.find("</script>", first) - first));
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("a page holds every step of short runs, and nothing is left to fill in") {
  const std::string page = page_of(R"j({"function": "book", "steps": 30, "optimizers": [{"type": "sgd", "lr": 0.9},
      {"type": "adam", "lr": "0.3/sqrt(t)"}, {"label": "lost", "type": "sgd", "lr": 1e200}]
})j");
  for (const char* place : {"<!--TITLE-->", "<!--STYLE-->", "<!--SCRIPT-->", "<!--DATA-->"})
    CHECK(page.find(place) == std::string::npos);
  CHECK(page.find("src=") == std::string::npos);  // one file
  const json document = document_of(page);
  CHECK(document["function"]["minimum"] == 0);
  CHECK(document["function"]["minimizers"] == json::parse("[[0, 0]]"));
  REQUIRE(document["trajectories"].size() == 3);
  const json& sgd = document["trajectories"][0];
  CHECK(sgd["data"]["step"].size() == 31);
  CHECK(sgd["data"]["f"][0] == 6.45);
  CHECK(sgd["data"]["x"][1] == -6.37);
  CHECK(sgd["data"]["grad_norm"].size() == 31);
  CHECK(sgd["hyperparameters"]["lr"] == 0.9);
  CHECK(document["trajectories"][1]["hyperparameters"]["lr"] == "0.3/sqrt(t)");
  CHECK(document["trajectories"][2]["status"] == "diverged");
  CHECK(document["thinning"] == "");
  const json& grid = document["grid"];
  CHECK(grid["f"].size() == grid["x"][2].get<std::size_t>() * grid["y"][2].get<std::size_t>());
  CHECK(document["levels"].size() > 3);
}

TEST_CASE("long runs are thinned, and the page says by what rule") {
  const std::string page = page_of(R"j({"function": "rosenbrock", "steps": 100000, "optimizers": [
      {"type": "adam", "lr": 0.01}, {"type": "sgd", "lr": 0.0005}, {"type": "rmsprop", "lr": 0.002}]})j");
  CHECK(page.size() < 5'000'000);
  const json document = document_of(page);
  CHECK(document["thinning"].get<std::string>().find(" evenly spaced steps") != std::string::npos);
  for (const json& trajectory : document["trajectories"]) {
    CHECK(trajectory["data"]["step"].front() == 0);
    CHECK(trajectory["data"]["step"].back() == 100000);
    CHECK(trajectory["steps"] == 100000);
  }
}

TEST_CASE("a page of noisy runs stays below 5 MB") {
  std::string optimizers;
  for (int i = 0; i < 10; ++i)
    optimizers += std::string(i == 0 ? "" : ",") + R"j({"label": "o)j" + std::to_string(i) +
                  R"j(", "chain": [{"type": "gradient_noise", "eta": 100, "gamma": 0}, {"type": "sgd", "lr": 0.01}]})j";
  for (const char* steps : {"10000", "60000"}) {
    const std::string page = page_of(R"j({"function": "book", "steps": )j" + std::string(steps) +
                                     R"j(, "optimizers": [)j" + optimizers + "]}");
    CHECK(page.size() < 5'000'000);
    CHECK(page.size() > 1'000'000);
  }
}

TEST_CASE("text can't break out of the page") {
  const std::string evil = "</script><b>&<!--DATA-->\"'";
  const std::string page = page_of(R"j({"function": "book", "steps": 2, "optimizers": [
      {"label": "</script><b>&<!--DATA-->\"'", "type": "sgd"}]})j",
                                   evil);
  const std::string plain =
      page_of(R"j({"function": "book", "steps": 2, "optimizers": [{"label": "a", "type": "sgd"}]})j");
  CHECK(count(page, "</script>") == count(plain, "</script>"));
  CHECK(count(page, "<b>") == count(plain, "<b>"));
  const json document = document_of(page);
  CHECK(document["title"] == evil);
  CHECK(document["trajectories"][0]["label"] == evil);
}
