#include "picture/survey.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optexplore/error.hpp>
#include <set>

#include "picture/principal_axes.hpp"
#include "study/columns.hpp"
#include "text/number.hpp"

namespace optexplore::picture {
namespace {

constexpr std::uint64_t most_paths = 1000;
constexpr std::size_t most_samples = 1024;
/// Numbers kept of all paths together.
constexpr std::size_t sample_budget = std::size_t{1} << 22U;

bool all_finite(const std::vector<double>& values) {
  return std::ranges::all_of(values, [](double v) { return std::isfinite(v); });
}

/// Keeps every k-th of what it is offered, and doubles k when that becomes too much.
class EvenSample {
 public:
  EvenSample(Sketch& sketch, std::size_t most) : sketch_(&sketch), most_(most) {}

  void offer(const std::vector<double>& point, double f) {
    if (seen_++ % stride_ != 0) return;
    sketch_->points.push_back(point);
    sketch_->values.push_back(f);
    if (sketch_->points.size() <= most_) return;
    stride_ *= 2;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < sketch_->points.size(); i += 2, ++kept) {
      if (kept != i) sketch_->points[kept] = std::move(sketch_->points[i]);
      sketch_->values[kept] = sketch_->values[i];
    }
    sketch_->points.resize(kept);
    sketch_->values.resize(kept);
  }

 private:
  Sketch* sketch_;
  std::size_t most_;
  std::uint64_t seen_ = 0;
  std::uint64_t stride_ = 1;
};

}  // namespace

RunOptions point_rows(const FunctionSpec& function, const std::vector<ColumnSpec>& more) {
  RunOptions options{{{"step", {}}, {"point", {}}, {"f", {}}}};
  std::set<std::string> names = {"step", "point", "f"};
  for (const ColumnSpec& column : more)
    if (!function.find_coordinate(column.name) && names.insert(column.name).second) options.columns.push_back(column);
  return options;
}

PathColumns::PathColumns(const Schema& schema, const FunctionSpec& function)
    : step(schema.column("step")), f(schema.column("f")) {
  // Among hundreds of thousands each is looked for from the last one on: they stand in order.
  std::size_t c = step;
  for (std::size_t i = 0; i < function.dim; ++i) {
    const std::string name = function.coordinate(i);
    while (schema.columns.at(c).name != name) ++c;
    point.push_back(c);
  }
  for (std::size_t k = f + 1; k < schema.columns.size(); ++k)
    if (schema.columns[k].kind != Column::Kind::text) further.push_back(k);
}

void PathColumns::read_point(const Block& block, std::size_t row, std::vector<double>& to) const {
  for (std::size_t i = 0; i < point.size(); ++i) to[i] = block.at(point[i], row);
}

Survey survey(const Experiment& experiment) {
  const FunctionSpec& function = experiment.functions.front();
  RunStream stream(experiment, point_rows(function, {}));
  if (stream.trajectories() > most_paths)
    throw InputError("a picture of paths shows at most " + std::to_string(most_paths) + " runs, found " +
                     std::to_string(stream.trajectories()) + "; --kind heatmap and --kind basins show more");
  const std::size_t dim = function.dim;
  const PathColumns places(stream.schema(), function);
  const std::size_t share =
      sample_budget / dim / static_cast<std::size_t>(std::max<std::uint64_t>(stream.trajectories(), 1));
  const std::size_t samples = std::clamp<std::size_t>(share, 2, most_samples);

  Survey result;
  result.least = std::numeric_limits<double>::infinity();
  std::optional<EvenSample> sample;
  std::vector<double> point(dim);
  while (const auto block = stream.next()) {
    if (block->begins) {
      result.sketches.emplace_back();
      sample.emplace(result.sketches.back(), samples);
    }
    Sketch& sketch = result.sketches.back();
    for (std::size_t r = 0; r < block->rows; ++r) {
      places.read_point(*block, r, point);
      if (!all_finite(point)) continue;
      const double f = function.sign() * block->at(places.f, r);
      sample->offer(point, f);
      sketch.last = point;
      if (std::isfinite(f)) result.least = std::min(result.least, f);
    }
    if (!block->ending) continue;
    sketch.status = block->ending->status;
    result.standstill.observe(*block->group, *block->ending);
    sketch.steps = block->ending->steps;
    result.most_steps = std::max(result.most_steps, sketch.steps);
  }
  return result;
}

Plane choose_plane(const FunctionSpec& function, const Survey& survey, Plane plane, bool principal) {
  const std::size_t dim = function.dim;
  plane.origin.assign(dim, 0.0);
  double count = 0;
  for (const Sketch& sketch : survey.sketches) {
    if (failed(sketch.status) || sketch.last.empty()) continue;
    for (std::size_t i = 0; i < dim; ++i) plane.origin[i] += sketch.last[i];
    ++count;
  }
  for (double& element : plane.origin) element /= std::max(count, 1.0);
  if (count == 0 && !survey.sketches.empty() && !survey.sketches.front().points.empty())
    plane.origin = survey.sketches.front().points.front();
  if (!principal) return plane;

  // The motion of the paths where they get somewhere, seen from the origin.
  std::vector<std::vector<double>> points;
  for (const Sketch& sketch : survey.sketches)
    for (std::size_t i = 0; i < sketch.points.size(); ++i) {
      if (!(sketch.values[i] <= sketch.values.front()) && i > 0) continue;
      points.push_back(sketch.points[i]);
      for (std::size_t k = 0; k < dim; ++k) points.back()[k] -= plane.origin[k];
    }
  if (points.empty()) points.emplace_back(dim, 0.0);
  PrincipalAxes axes = principal_axes(points);
  plane.directions = std::move(axes.directions);
  for (std::size_t k = 0; k < 2; ++k) {
    plane.labels[k] = k == 0 ? "first principal direction (" : "second principal direction (";
    text::append_number(plane.labels[k], 100 * axes.share[k], {.precision = 3});
    plane.labels[k] += " % of the motion)";
  }
  return plane;
}

std::vector<std::array<double, 2>> projected_minimizers(const FunctionSpec& function, const Plane& plane) {
  std::vector<std::array<double, 2>> result;
  for (const std::vector<double>& point : function.minimizers) {
    std::array<double, 2> place = plane.project(point);
    if (function.dim == 1 && function.minimum) place[1] = function.sign() * *function.minimum;
    if (std::find(result.begin(), result.end(), place) == result.end()) result.push_back(place);
  }
  return result;
}

View choose_view(const FunctionSpec& function, const Survey& survey, const Plane& plane, double aspect) {
  ViewInput input;
  input.aspect = aspect;
  input.same_unit = function.dim > 1;
  input.minimizers = projected_minimizers(function, plane);
  if (!function.entry.domain.empty() && !plane.principal() && function.dim > 1) {
    input.has_domain = true;
    for (std::size_t k = 0; k < 2; ++k) input.domain[k] = *function.interval(plane.coordinates[k]);
  }
  for (const Sketch& sketch : survey.sketches) {
    input.paths.emplace_back();
    for (std::size_t i = 0; i < sketch.points.size(); ++i) {
      const std::array<double, 2> place = plane.project(sketch.points[i]);
      const double y = function.dim == 1 ? sketch.values[i] : place[1];
      if (std::isfinite(y)) input.paths.back().push_back({place[0], y, sketch.values[i]});
    }
  }
  return fit_view(input);
}

}  // namespace optexplore::picture
