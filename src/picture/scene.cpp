#include "picture/scene.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optexplore/error.hpp>
#include <optexplore/function.hpp>

#include "analysis/grid.hpp"
#include "picture/survey.hpp"
#include "picture/thinning.hpp"

namespace optexplore::picture {
namespace {

/// Left out is what lies this near to the drawn lines.
constexpr double tolerance_pixels = 0.35;
constexpr std::size_t most_rows_of_path = 20'000;
/// Runs of so few steps keep them all: each has its marker.
constexpr std::uint64_t few_steps = 100;
constexpr std::size_t curve_points = 1001;

double length(const Interval& range) { return range.high - range.low; }

double place(const Interval& range, std::size_t i, std::size_t count) {
  return range.low + length(range) * static_cast<double>(i) / static_cast<double>(count - 1);
}

void evaluate_grid(Scene& scene, std::size_t points) {
  if (scene.function.dim > 1 && !scene.plane.principal()) {
    analysis::GridSpec spec;
    spec.axes = scene.plane.coordinates;
    spec.ranges = scene.grid_range;
    spec.counts = {points, points};
    spec.at = scene.plane.origin;
    spec.columns = {{"f", {}}};
    const analysis::Grid grid(scene.function, spec);
    scene.grid = spec.counts;
    const std::size_t f = grid.schema().column("f");
    for (std::size_t line = 0; line < points; ++line) {
      const Block block = grid.compute(line, 1);
      for (std::size_t i = 0; i < block.rows; ++i) scene.values.push_back(block.at(f, i));
    }
    return;
  }
  const Function f(scene.function);
  scene.grid = {scene.function.dim == 1 ? curve_points : points, scene.function.dim == 1 ? 1 : points};
  for (std::size_t j = 0; j < scene.grid[1]; ++j)
    for (std::size_t i = 0; i < scene.grid[0]; ++i) {
      const double y = scene.grid[1] == 1 ? 0 : place(scene.grid_range[1], j, scene.grid[1]);
      scene.values.push_back(f.value(scene.plane.point(place(scene.grid_range[0], i, scene.grid[0]), y)));
    }
}

std::vector<double> values_in_view(const Scene& scene) {
  const auto sees = [&](std::size_t axis, std::size_t i) {
    if (scene.grid[axis] == 1) return true;
    const double slack = 1e-9 * length(scene.range[axis]);  // the last place is rounded
    const double at = place(scene.grid_range[axis], i, scene.grid[axis]);
    return at >= scene.range[axis].low - slack && at <= scene.range[axis].high + slack;
  };
  std::vector<double> values;
  for (std::size_t j = 0; j < scene.grid[1]; ++j)
    for (std::size_t i = 0; i < scene.grid[0]; ++i)
      if (sees(0, i) && sees(1, j)) values.push_back(scene.values[j * scene.grid[0] + i]);
  return values;
}

/// The graph of a function of one coordinate: its y axis holds the curve, but not a pole or a steep rim.
void fit_graph(Scene& scene) {
  std::vector<double> finite;
  for (const double v : values_in_view(scene))
    if (std::isfinite(v)) finite.push_back(v);
  if (finite.empty()) return;
  std::sort(finite.begin(), finite.end());
  const double high = finite[static_cast<std::size_t>(0.98 * static_cast<double>(finite.size() - 1))];
  const std::vector<double> shown = {finite.front(), high, scene.range[1].low, scene.range[1].high};
  scene.range[1] = fit_interval(shown, 0.06);
}

bool inside(const Scene& scene, double x, double y) {
  return x >= scene.range[0].low && x <= scene.range[0].high && y >= scene.range[1].low && y <= scene.range[1].high;
}

/// Whether a path ends outside the view and with a greater f than it began with.
bool runs_away(const Scene& scene, const ScenePath& path) {
  if (path.rows.empty()) return false;
  const double* last = path.rows.data() + path.rows.size() - scene.width();
  return !inside(scene, last[1], last[2]) && !(last[3] <= path.rows[3]);
}

/// Where a diverged path is last seen; sets how many of its rows are shown.
std::optional<std::array<double, 2>> last_seen(const Scene& scene, ScenePath& path) {
  const std::size_t width = scene.width();
  for (std::size_t r = path.rows.size() / width; r-- > 0;) {
    const double* row = path.rows.data() + r * width;
    if (!inside(scene, row[1], row[2])) continue;
    std::array<double, 2> seen = {row[1], row[2]};
    if ((r + 1) * width == path.rows.size()) return seen;
    path.shown = r + 2;
    const std::array<double, 2> next = {row[width + 1], row[width + 2]};
    double part = 1;  // of the way to the next point that is inside
    for (std::size_t k = 0; k < 2; ++k) {
      const double step = next[k] - seen[k];
      const double room = step > 0 ? scene.range[k].high - seen[k] : scene.range[k].low - seen[k];
      if (step != 0) part = std::min(part, room / step);
    }
    constexpr double within_edge = 0.99;
    for (std::size_t k = 0; k < 2; ++k) {
      const double middle = scene.range[k].low / 2 + scene.range[k].high / 2;
      const double edge = seen[k] + part * (next[k] - seen[k]);
      seen[k] = middle + std::clamp((edge - middle), -within_edge * length(scene.range[k]) / 2,
                                    within_edge * length(scene.range[k]) / 2);
    }
    return seen;
  }
  return std::nullopt;
}

/// The second pass: rows of the paths, thinned while they stream by.
class PathReader {
 public:
  PathReader(const Experiment& experiment, const SceneOptions& options, const Survey& surveyed, Scene& scene)
      : scene_(&scene),
        surveyed_(&surveyed),
        book_(experiment),
        stream_(experiment, point_rows(scene.function, options.columns)),
        places_(stream_.schema(), scene.function),
        point_(scene.function.dim) {
    scene.columns = {"step", scene.plane.labels[0], scene.plane.labels[1], "f"};
    for (const std::size_t c : places_.further) scene.columns.push_back(stream_.schema().columns[c].name);
    scale_ = {options.pixels / length(scene.range[0]), options.pixels / options.aspect / length(scene.range[1])};
    most_ = std::clamp<std::size_t>(
        options.rows / static_cast<std::size_t>(std::max<std::uint64_t>(1, stream_.trajectories())), 100,
        most_rows_of_path);
  }

  void read() {
    while (const auto block = stream_.next()) {
      if (block->begins) begin(block->group);
      for (std::size_t r = 0; r < block->rows; ++r) add(*block, r);
      if (block->ending) end(*block->ending);
    }
    scene_->series = book_.all();
  }

 private:
  void begin(const std::shared_ptr<const Group>& group) {
    scene_->paths.emplace_back();
    scene_->paths.back().group = group;
    scene_->paths.back().series = book_.of(*group);
    thinner_.emplace(scale_, tolerance_pixels, scene_->width(), most_);
    next_frame_ = 0;
  }

  void add(const Block& block, std::size_t row) {
    places_.read_point(block, row, point_);
    std::array<double, 2> at = scene_->plane.project(point_);
    const double f = block.at(places_.f, row);
    if (point_.size() == 1) at[1] = f;
    row_ = {block.at(places_.step, row), at[0], at[1], f};
    for (const std::size_t column : places_.further) row_.push_back(block.at(column, row));
    if (!std::isfinite(at[0]) || !std::isfinite(at[1])) return;
    while (next_frame_ < scene_->frame_steps.size() && static_cast<double>(scene_->frame_steps[next_frame_]) < row_[0])
      ++next_frame_;
    const bool frame =
        next_frame_ < scene_->frame_steps.size() && static_cast<double>(scene_->frame_steps[next_frame_]) == row_[0];
    thinner_->add(row_, frame || surveyed_->sketches[scene_->paths.size() - 1].steps <= few_steps);
  }

  void end(const Ending& ending) {
    ScenePath& path = scene_->paths.back();
    path.status = ending.status;
    path.steps = ending.steps;
    path.rows = thinner_->finish();
    path.tolerance = thinner_->tolerance();
    path.shown = path.rows.size() / scene_->width();
    if (failed(path.status) || runs_away(*scene_, path)) path.lost = last_seen(*scene_, path);
  }

  Scene* scene_;
  const Survey* surveyed_;
  SeriesBook book_;
  RunStream stream_;
  PathColumns places_;
  std::vector<double> point_;
  std::array<double, 2> scale_ = {1, 1};
  std::size_t most_ = 0;
  std::optional<PathThinner> thinner_;
  std::size_t next_frame_ = 0;
  std::vector<double> row_;
};

void set_frames(Scene& scene, std::uint64_t frames, std::uint64_t most_steps) {
  for (std::uint64_t k = 0; k < frames; ++k) {
    const double part = frames == 1 ? 1 : static_cast<double>(k) / static_cast<double>(frames - 1);
    scene.frame_steps.push_back(static_cast<std::uint64_t>(std::llround(part * static_cast<double>(most_steps))));
  }
}

std::string section_of(const Scene& scene, const Survey& survey) {
  if (scene.function.dim <= 2) return "";
  const bool all_lost =
      std::all_of(survey.sketches.begin(), survey.sketches.end(), [](const Sketch& s) { return failed(s.status); });
  const std::string origin = all_lost                      ? "the start"
                             : survey.sketches.size() == 1 ? "the last point"
                                                           : "the mean of the last points";
  return scene.plane.principal() ? "plane through " + origin : "other coordinates as in " + origin;
}

}  // namespace

const FunctionSpec& only_function(const Experiment& experiment) {
  if (experiment.functions.size() != 1)
    throw InputError("a picture shows one function, found " + std::to_string(experiment.functions.size()) +
                     "; choose one with -f");
  return experiment.functions.front();
}

Scene make_scene(const Experiment& experiment, const SceneOptions& options) {
  Scene scene;
  scene.function = only_function(experiment);
  const FunctionSpec& function = scene.function;
  if (options.pca && (options.x || options.y))
    throw InputError("principal directions leave no coordinates to choose", "", options.x ? "--x" : "--y");
  if (options.pca && function.dim < 2)
    throw InputError("principal directions need two coordinates, " + function.entry.name + " has one", "", "--pca");
  scene.plane = coordinate_plane(function, options.x, options.y);
  const Survey surveyed = survey(experiment);
  scene.plane = choose_plane(function, surveyed, scene.plane, options.pca);
  scene.title = function.entry.title.empty() ? function.entry.definition.text() : function.entry.title;
  if (function.dim > 2) scene.title += " in " + std::to_string(function.dim) + " dimensions";
  scene.section = section_of(scene, surveyed);

  const View view = choose_view(function, surveyed, scene.plane, options.aspect);
  scene.range = view.range;
  scene.equal = view.equal && function.dim > 1;
  for (std::size_t k = 0; k < 2; ++k) {
    const double more = options.margin * length(scene.range[k]);
    scene.grid_range[k] = {scene.range[k].low - more, scene.range[k].high + more};
  }
  evaluate_grid(scene, options.grid);
  if (function.dim == 1) fit_graph(scene);
  scene.levels = choose_levels(values_in_view(scene), function.minimum, function.sign());
  if (std::none_of(scene.values.begin(), scene.values.end(), [](double v) { return std::isfinite(v); }))
    scene.notes.emplace_back("the function is not finite anywhere in the picture: there are no contours");
  for (std::string& note : surveyed.standstill.notes(experiment)) scene.notes.push_back(std::move(note));
  scene.minimizers = projected_minimizers(function, scene.plane);
  set_frames(scene, options.frames, surveyed.most_steps);
  PathReader(experiment, options, surveyed, scene).read();
  return scene;
}

}  // namespace optexplore::picture
