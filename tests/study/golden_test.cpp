#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optexplore/experiment.hpp>
#include <optexplore/run.hpp>
#include <sstream>

namespace {

using nlohmann::json;

std::string slurp(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::filesystem::path> reference_files(const std::string& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(OPTEXPLORE_TEST_DATA "/golden/" + folder))
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

/// All rows of the only trajectory, coordinates first, then f and what was evaluated.
std::vector<std::vector<double>> trajectory(const json& config) {
  optexplore::RunStream stream(optexplore::read_experiment(config.dump(), "golden"),
                               {{{"point", {}}, {"f", {}}, {"evals_f", {}}, {"evals_g", {}}, {"evals_h", {}}}});
  const std::size_t width = stream.schema().columns.size();
  std::vector<std::vector<double>> rows;
  while (auto block = stream.next())
    for (std::size_t r = 0; r < block->rows; ++r) {
      rows.emplace_back();
      for (std::size_t c = 0; c < width; ++c) rows.back().push_back(block->at(c, r));
    }
  return rows;
}

/// Largest deviation in units of the file's tolerance.
double deviation(const json& reference, const std::vector<std::vector<double>>& rows) {
  double worst = 0;
  for (std::size_t k = 0; k < rows.size(); ++k)
    for (std::size_t i = 0; i < reference["x"][k].size(); ++i) {
      const double expected = reference["x"][k][i];
      const double error = std::fabs(rows[k][i] - expected) / std::max(1.0, std::fabs(expected));
      worst = std::max(worst, std::isnan(error) ? HUGE_VAL : error / reference["tolerance"].get<double>());
    }
  return worst;
}

}  // namespace

TEST_CASE("every rule retraces the framework whose dialect it names") {
  const auto files = reference_files("rules");
  REQUIRE(files.size() >= 304);
  for (const auto& file : files) {
    INFO(file.filename().string());
    const json reference = json::parse(slurp(file));
    const auto rows = trajectory(reference["config"]);
    REQUIRE(rows.size() == reference["x"].size());
    CHECK(deviation(reference, rows) <= 1.0);
  }
}

TEST_CASE("every rule sees blocks, rows and columns, or the whole point, as the framework does") {
  const auto files = reference_files("blocks");
  REQUIRE(files.size() >= 152);
  for (const auto& file : files) {
    INFO(file.filename().string());
    const json reference = json::parse(slurp(file));
    json config = reference["config"];
    if (config["function"].contains("data")) config["function"]["params"] = config["function"]["data"];
    config["function"].erase("data");
    const auto rows = trajectory(config);
    REQUIRE(rows.size() == reference["x"].size());
    CHECK(deviation(reference, rows) <= 1.0);
  }
}

TEST_CASE("a slightly wrong rule would be noticed") {
  json reference = json::parse(slurp(OPTEXPLORE_TEST_DATA "/golden/rules/torch-adam-book.json"));
  reference["config"]["optimizers"][0]["eps"] = 1e-7;
  CHECK(deviation(reference, trajectory(reference["config"])) > 1.0);
}

TEST_CASE("every classical method retraces its library's, with as many evaluations") {
  const auto files = reference_files("classical");
  REQUIRE(files.size() >= 175);
  for (const auto& file : files) {
    INFO(file.filename().string());
    const json reference = json::parse(slurp(file));
    const auto rows = trajectory(reference["config"]);
    REQUIRE(rows.size() == reference["x"].size());
    CHECK(deviation(reference, rows) <= 1.0);
    const std::size_t first = reference["x"][0].size() + 1;
    for (std::size_t k = 0; k < rows.size(); ++k) {
      INFO("step " << k);
      CHECK(rows[k][first] == reference["evals_f"][k].get<double>());
      CHECK(rows[k][first + 1] == reference["evals_g"][k].get<double>());
      if (reference.contains("evals_h")) CHECK(rows[k][first + 2] == reference["evals_h"][k].get<double>());
    }
  }
}
