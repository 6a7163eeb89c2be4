#include "experiment/function_spec.hpp"

#include <algorithm>
#include <charconv>
#include <optexplore/error.hpp>

#include "catalog/parameters.hpp"
#include "language/ast.hpp"
#include "text/place.hpp"

namespace optexplore {
namespace experiment {
namespace {

using PlaceOfKey = std::function<std::string(const char* key)>;

std::size_t dimension(const FunctionEntry& entry, std::size_t wanted) {
  const language::Definition& definition = entry.definition.tree();
  if (wanted != 0 && definition.fixed_dim != 0 && wanted != definition.fixed_dim)
    throw InputError("the definition fixes the dimension at " + std::to_string(definition.fixed_dim) + ", found " +
                     std::to_string(wanted));
  const std::size_t dim = wanted != 0 ? wanted : definition.fixed_dim != 0 ? definition.fixed_dim : entry.dim;
  if (dim == 0)
    throw InputError("the dimension of " + definition.name + "(" + definition.vector + "[" + definition.dim_name +
                     "]) is not known; add \"dim\" to the function, or a start with all coordinates");
  if (dim > max_dim) throw InputError(too_large);
  return dim;
}

/// What the entry says per coordinate must fit the dimension. A start of several numbers does: it is a pattern, as
/// Rosenbrock's -1.2, 1 alternates in any dimension.
void check_fit(const FunctionEntry& entry, std::size_t dim, const PlaceOfKey& place) {
  if (!entry.gradient.empty() && entry.gradient.size() != dim)
    throw InputError("expected one partial derivative per coordinate (" + std::to_string(dim) + "), found " +
                         std::to_string(entry.gradient.size()),
                     "", place("gradient"));
  if (entry.domain.size() > 1 && entry.domain.size() != dim)
    throw InputError("the domain has " + std::to_string(entry.domain.size()) + " intervals for " + std::to_string(dim) +
                         " coordinates",
                     "", place(""));
}

/// What is known in this dimension and with these parameters; the knowledge of another dimension is dropped.
void resolve_knowledge(FunctionSpec& spec, const PlaceOfKey& place) {
  const FunctionEntry& entry = spec.entry;
  const auto value = [&](const Formula& formula, const char* key) {
    return text::with_place([&] { return place(key); },
                            [&] { return catalog::evaluate(formula, entry.params, spec.dim); });
  };
  for (const auto& minimizer : entry.minimizers) {
    const auto* formula = std::get_if<Formula>(&minimizer);
    std::vector<double> point =
        formula != nullptr ? value(*formula, "minimizers") : std::get<std::vector<double>>(minimizer);
    if (point.size() == 1) point.resize(spec.dim, point.front());
    if (point.size() == spec.dim) spec.minimizers.push_back(std::move(point));
  }
  if (!entry.minimum) return;
  if (const auto* formula = std::get_if<Formula>(&*entry.minimum))
    spec.minimum = value(*formula, "minimum").front();
  else if (!spec.minimizers.empty() || entry.minimizers.empty())
    spec.minimum = std::get<double>(*entry.minimum);
}

}  // namespace

FunctionSpec make_function(FunctionEntry entry, std::size_t dim, const PlaceOfKey& place) {
  FunctionSpec spec;
  text::with_place([&] { return place(""); }, [&] { spec.dim = dimension(entry, dim); });
  check_fit(entry, spec.dim, place);
  spec.entry = std::move(entry);
  if (spec.entry.start.size() > 1) spec.entry.start = spec.start();
  resolve_knowledge(spec, place);
  return spec;
}

}  // namespace experiment

FunctionSpec make_function(FunctionEntry entry, std::size_t dim) {
  return experiment::make_function(std::move(entry), dim, [](const char*) { return std::string(); });
}

std::string FunctionSpec::coordinate(std::size_t i) const {
  const language::Definition& definition = entry.definition.tree();
  return definition.vector.empty() ? definition.coordinates.at(i) : definition.vector + std::to_string(i + 1);
}

std::optional<std::size_t> FunctionSpec::find_coordinate(std::string_view name) const {
  const language::Definition& definition = entry.definition.tree();
  if (definition.vector.empty()) {
    const auto found = std::ranges::find(definition.coordinates, name);
    if (found == definition.coordinates.end()) return std::nullopt;
    return static_cast<std::size_t>(found - definition.coordinates.begin());
  }
  if (!name.starts_with(definition.vector)) return std::nullopt;
  const std::string_view digits = name.substr(definition.vector.size());
  std::size_t number = 0;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool whole = code == std::errc() && end == digits.data() + digits.size() && !digits.starts_with('0');
  return whole && number <= dim ? std::optional(number - 1) : std::nullopt;
}

std::optional<Interval> FunctionSpec::interval(std::size_t i) const {
  const std::vector<Interval>& domain = entry.domain;
  if (domain.empty()) return std::nullopt;
  return domain[domain.size() == 1 ? 0 : i];
}

std::vector<double> FunctionSpec::start() const {
  std::vector<double> point(entry.start.empty() ? 0 : dim);
  for (std::size_t i = 0; i < point.size(); ++i) point[i] = entry.start[i % entry.start.size()];
  return point;
}

}  // namespace optexplore
