#include "picture/curves.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <optexplore/error.hpp>

#include "picture/thinning.hpp"
#include "picture/view.hpp"
#include "study/diagnostics.hpp"

namespace optexplore::picture {
namespace {

/// How far beyond the others' values, or their own start, the axis follows runs that diverge.
constexpr double diverging_rise = 100;
/// Decades of a logarithmic axis below the largest value: rounding makes the rest.
constexpr double most_decades = 20;

std::vector<ColumnSpec> default_columns(const Experiment& experiment) {
  return {{only_function(experiment).minimum ? "gap" : "f", {}}};
}

std::uint64_t most_curves() { return 2000; }

/// Chooses the axis of column `c`.
void choose_axis(Curves& curves, std::size_t c, std::optional<bool> log) {
  std::vector<double> values, starts;
  bool lost = false;
  for (const Curve& curve : curves.curves) {
    const auto& points = curve.points[c];
    if (!points.empty()) starts.push_back(points.front()[1]);
    lost = lost || failed(curve.status);
    if (failed(curve.status)) continue;
    for (const auto& point : points) values.push_back(point[1]);
  }
  double limit = 0;  // what diverged is followed as far as this
  for (const auto& list : {values, starts})
    for (const double v : list) limit = std::max(limit, std::fabs(v));
  limit *= diverging_rise;
  if (limit == 0) limit = 1;
  for (const Curve& curve : curves.curves)
    if (failed(curve.status))
      for (const auto& point : curve.points[c]) values.push_back(std::clamp(point[1], -limit, limit));

  double least = std::numeric_limits<double>::infinity(), greatest = 0;
  for (const double v : values) {
    if (v > 0) least = std::min(least, v);
    greatest = std::max(greatest, v);
  }
  const bool positive = greatest > 0 && std::isfinite(least);
  if (log == true && !positive)
    throw InputError("'" + curves.columns[c] + "' has no positive values for a logarithmic axis", "", "--log");
  curves.log[c] = log.value_or(!curves.angle[c] && fits_logarithm(values));
  if (curves.log[c]) {
    least = std::max(least, greatest * std::pow(10, -most_decades));
    const double margin = std::pow(greatest / least, 0.04);
    curves.range[c] = {least / margin / 1.1, greatest * margin * 1.1};
  } else {
    if (curves.angle[c]) values.insert(values.end(), {0, std::numbers::pi});
    curves.range[c] = fit_interval(values, 0.05);
  }
}

}  // namespace

Curves make_curves(const Experiment& experiment, const CurveOptions& options) {
  Curves result;
  const FunctionSpec& function = only_function(experiment);
  result.title = function.entry.title.empty() ? function.entry.definition.text() : function.entry.title;
  if (function.dim > 2) result.title += " in " + std::to_string(function.dim) + " dimensions";
  RunOptions asked{{{"step", {}}}};
  for (const ColumnSpec& column : options.columns.empty() ? default_columns(experiment) : options.columns)
    if (column.name != "step" || !column.expression.empty()) asked.columns.push_back(column);
  RunStream stream(experiment, asked);
  if (stream.trajectories() > most_curves())
    throw InputError("a picture shows at most " + std::to_string(most_curves()) + " runs, found " +
                     std::to_string(stream.trajectories()));

  const std::size_t step = stream.schema().column("step");
  std::vector<std::size_t> places;
  for (std::size_t c = 0; c < stream.schema().columns.size(); ++c) {
    const Column& column = stream.schema().columns[c];
    if (c == step || column.kind == Column::Kind::text) continue;
    places.push_back(c);
    result.columns.push_back(column.name);
    const auto spec = std::ranges::find(asked.columns, column.name, &ColumnSpec::name);
    result.angle.push_back(spec != asked.columns.end() && spec->expression.empty() && study::is_angle(column.name));
  }
  if (places.empty()) throw InputError("there is no column of numbers to draw", "", "--columns");

  SeriesBook book(experiment);
  std::vector<CurveThinner> thinners;
  while (const auto block = stream.next()) {
    if (block->begins) {
      thinners.assign(places.size(), CurveThinner(static_cast<std::size_t>(std::max(options.pixels, 50.0))));
      result.curves.emplace_back();
      result.curves.back().series = book.of(*block->group);
    }
    for (std::size_t r = 0; r < block->rows; ++r)
      for (std::size_t c = 0; c < places.size(); ++c) thinners[c].add(block->at(step, r), block->at(places[c], r));
    if (!block->ending) continue;
    Curve& curve = result.curves.back();
    curve.status = block->ending->status;
    curve.steps = block->ending->steps;
    result.most_steps = std::max(result.most_steps, curve.steps);
    for (const CurveThinner& thinner : thinners) curve.points.push_back(thinner.points());
  }
  result.series = book.all();
  result.log.assign(places.size(), false);
  result.range.assign(places.size(), {});
  for (std::size_t c = 0; c < places.size(); ++c) choose_axis(result, c, options.log);
  return result;
}

}  // namespace optexplore::picture
