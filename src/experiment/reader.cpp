#include <algorithm>
#include <nlohmann/json.hpp>
#include <optexplore/error.hpp>
#include <optexplore/experiment.hpp>
#include <set>

#include "catalog/entries.hpp"
#include "experiment/blocks.hpp"
#include "experiment/document.hpp"
#include "experiment/read.hpp"
#include "experiment/request.hpp"

namespace optexplore {
namespace experiment {
namespace {

using json::Json;

Json read_json(std::string_view text, const std::string& source) {
  if (text.empty()) return Json::object();
  Json root = json::parse_json(text, source);
  if (!root.is_object()) throw InputError("expected an object { … }, found " + json::describe(root), "", source);
  return root;
}

std::vector<FunctionSpec> read_functions(const Cursor& root) {
  const auto start = root.find("start");
  const auto length = start ? start_length(*start) : std::nullopt;
  const auto one = root.find("function");
  const auto several = root.find("functions");
  if (one && several) root.fail_key("functions", "expected either 'function' or 'functions', found both");
  const auto maximize = root.find("maximize");
  const bool up = maximize && maximize->boolean();
  if (one) return {read_function_spec(*one, length, up)};
  if (!several)
    throw InputError("there is no function; add \"function\": \"f(x,y) = x^2 + y^2\" to the config, or use -f");
  std::vector<FunctionSpec> functions;
  for (const Cursor& element : several->elements()) functions.push_back(read_function_spec(element, length, up));
  if (functions.empty()) several->fail("expected at least one function");
  return functions;
}

StartSpec read_start_or_default(const Cursor& root, const std::vector<FunctionSpec>& functions, bool needed) {
  if (const auto start = root.find("start")) return read_start(*start, functions);
  if (!needed) return {};
  for (const FunctionSpec& function : functions)
    if (function.entry.start.empty())
      throw InputError("there is no start; the function " + function.entry.name +
                       " has none of its own: add \"start\": [" + (function.dim == 1 ? "1" : "1, 2") +
                       (function.dim > 2 ? ", …" : "") + "] to the config, or use --start");
  return {};
}

}  // namespace

GradientMode read_gradient_mode(const Cursor& cursor) {
  const std::string text = cursor.is_string() ? cursor.text() : "";
  if (text == "exact") return GradientMode::exact;
  if (text == "forward") return GradientMode::forward;
  if (text == "central") return GradientMode::central;
  if (text == "numerical" || text == "numeric")
    cursor.fail("a numerical gradient is \"central\" here (the book's) or \"forward\"");
  cursor.fail_expected("\"exact\", \"central\" or \"forward\"");
}

const char* to_string(GradientMode mode) {
  switch (mode) {
    case GradientMode::forward: return "forward";
    case GradientMode::central: return "central";
    case GradientMode::exact: break;
  }
  return "exact";
}

constexpr std::pair<const char*, Precision> precisions[] = {{"float64", Precision::float64},
                                                            {"float32", Precision::float32},
                                                            {"float16", Precision::float16},
                                                            {"bfloat16", Precision::bfloat16}};

Precision read_precision(const Cursor& cursor) {
  constexpr std::pair<const char*, const char*> others[] = {
      {"f64", "float64"},   {"double", "float64"}, {"f32", "float32"},  {"single", "float32"},
      {"float", "float32"}, {"f16", "float16"},    {"half", "float16"}, {"bf16", "bfloat16"}};
  const std::string text = cursor.is_string() ? cursor.text() : "";
  for (const auto& [name, precision] : precisions)
    if (text == name) return precision;
  for (const auto& [other, name] : others)
    if (text == other) cursor.fail("'" + text + "' is called \"" + name + "\" here");
  cursor.fail_expected("\"float64\", \"float32\", \"float16\" or \"bfloat16\"");
}

const char* to_string(Precision precision) {
  return std::ranges::find(precisions, precision, &std::pair<const char*, Precision>::second)->first;
}

double read_difference_step(const Cursor& cursor) {
  const double h = cursor.number();
  if (!(h > 0)) cursor.fail_expected("a number above 0");
  return h;
}

namespace {

std::vector<ColumnSpec> read_columns(const Cursor& cursor) {
  std::vector<ColumnSpec> columns;
  std::set<std::string> names;
  for (const Cursor& element : cursor.elements()) {
    columns.push_back(read_column(element));
    if (!names.insert(columns.back().name).second)
      element.fail("the column '" + columns.back().name + "' is given twice");
  }
  if (columns.empty()) cursor.fail("expected at least one column");
  return columns;
}

/// To all rules, after those of their own.
void offer_procedures(const std::vector<ProcedureEntry>& procedures, std::vector<OptimizerSpec>& optimizers) {
  for (OptimizerSpec& optimizer : optimizers)
    for (RuleUse& use : optimizer.chain)
      use.rule.procedures.insert(use.rule.procedures.end(), procedures.begin(), procedures.end());
}

Config read(const Document& document, bool function_only) {
  const Cursor root(document.root, "", &document.places);
  root.check_keys(config_keys());
  Config config;
  Experiment& experiment = config.experiment;
  experiment.functions = read_functions(root);
  name_functions(experiment.functions, document.places);
  experiment.start = read_start_or_default(root, experiment.functions, !function_only);
  if (const auto steps = root.find("steps")) experiment.steps = steps->whole();
  if (const auto seed = root.find("seed")) experiment.seed = seed->whole();
  if (const auto seeds = root.find("seeds")) experiment.seeds = seeds->whole(1);
  if (const auto gradient = root.find("gradient")) experiment.gradient = read_gradient_mode(*gradient);
  if (const auto h = root.find("h")) experiment.h = read_difference_step(*h);
  if (const auto precision = root.find("precision")) experiment.precision = read_precision(*precision);
  const auto optimizers = root.find("optimizers");
  if (!optimizers && !function_only)
    throw InputError("there is no optimizer; add \"optimizers\": [{\"type\": \"adam\"}] to the config, or use -O");
  if (optimizers) experiment.optimizers = read_optimizers(*optimizers, document.places);
  check_groups(experiment, document.places);
  if (const auto procedures = root.find("procedures"))
    offer_procedures(catalog::read_procedures(*procedures), experiment.optimizers);
  if (const auto stop = root.find("stop")) experiment.stop = catalog::read_text<Formula>(*stop);
  if (const auto columns = root.find("columns")) config.columns = read_columns(*columns);
  return config;
}

}  // namespace

Request read_request(std::string_view text, const std::string& source, const Overrides& overrides) {
  json::Json json = read_json(text, source);
  Document document{json, text.empty() ? json::Places() : json::Places(text, source)};
  apply_overrides(document, overrides);
  // What concerns the whole config has no place of its own but the file's.
  Config config = text::with_place(text.empty() ? "" : source, [&] { return read(document, overrides.function_only); });
  Request request{std::move(config.experiment), std::move(config.columns), {}, std::move(document.places)};
  if (overrides.columns) request.flag_columns = request.columns;
  return request;
}

}  // namespace experiment

Config read_config(std::string_view text, const std::string& source) {
  experiment::Request request = experiment::read_request(text, source, {});
  return {std::move(request.experiment), std::move(request.columns)};
}

Experiment read_experiment(std::string_view text, const std::string& source) {
  return read_config(text, source).experiment;
}

}  // namespace optexplore
