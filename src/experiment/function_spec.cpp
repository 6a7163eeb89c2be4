#include "experiment/function_spec.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optexplore/error.hpp>
#include <stdexcept>

#include "catalog/parameters.hpp"
#include "language/ast.hpp"
#include "text/place.hpp"
#include "text/wrap.hpp"

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
    throw InputError("the dimension of " + definition.name + "(" + definition.arguments.front().name + "[" +
                     definition.dim_name +
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

std::vector<PointBlock> FunctionSpec::blocks() const {
  const language::Definition& definition = entry.definition.tree();
  if (definition.of_numbers()) return {{text::join(definition.argument_names(), ", "), 0, 1, dim}};
  std::vector<PointBlock> blocks;
  std::size_t offset = 0;
  for (const language::Argument& argument : definition.arguments) {
    blocks.push_back(
        {argument.name, offset, argument.rank, definition.of_vector() ? dim : argument.rows, argument.columns});
    offset += blocks.back().size();
  }
  return blocks;
}

std::string FunctionSpec::coordinate(std::size_t i) const {
  const language::Definition& definition = entry.definition.tree();
  if (definition.of_numbers()) return definition.arguments.at(i).name;
  if (definition.of_vector()) return definition.arguments.front().name + std::to_string(i + 1);
  for (const language::Argument& argument : definition.arguments) {
    const std::size_t size = argument.rows * argument.columns;
    if (i >= size) {
      i -= size;
      continue;
    }
    std::string name = argument.name;
    if (argument.rank != 0) name += "_" + std::to_string(i / argument.columns + 1);
    if (argument.rank == 2) name += "_" + std::to_string(i % argument.columns + 1);
    return name;
  }
  throw std::out_of_range("FunctionSpec::coordinate");
}

namespace {

/// Takes a whole number in 1 … `most` off the beginning; nothing when there is none.
std::optional<std::size_t> take_number(std::string_view& text, std::size_t most) {
  std::size_t number = 0;
  if (text.starts_with('0')) return std::nullopt;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc() || number > most) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

/// The place in an argument of the element with these subscripts: "_2", "_1_2".
std::optional<std::size_t> find_element(std::string_view subscripts, const language::Argument& argument) {
  const std::array sizes = {argument.rows, argument.columns};
  std::size_t place = 0;
  for (unsigned k = 0; k < argument.rank; ++k) {
    if (!subscripts.starts_with('_')) return std::nullopt;
    subscripts.remove_prefix(1);
    const auto number = take_number(subscripts, sizes[k]);
    if (!number) return std::nullopt;
    place = place * sizes[k] + *number - 1;
  }
  return subscripts.empty() ? std::optional(place) : std::nullopt;
}

}  // namespace

std::optional<std::size_t> FunctionSpec::find_coordinate(std::string_view name) const {
  const language::Definition& definition = entry.definition.tree();
  std::size_t offset = 0;
  for (const language::Argument& argument : definition.arguments) {
    if (name.starts_with(argument.name)) {
      std::string_view rest = name.substr(argument.name.size());
      if (definition.of_vector()) {
        const auto number = take_number(rest, dim);
        return number && rest.empty() ? std::optional(*number - 1) : std::nullopt;
      }
      if (const auto place = find_element(rest, argument)) return offset + *place;
    }
    offset += argument.rows * argument.columns;
  }
  return std::nullopt;
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
