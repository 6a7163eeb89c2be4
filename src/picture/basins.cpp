#include "picture/basins.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optexplore/error.hpp>

#include "picture/scene.hpp"
#include "picture/sweep_rows.hpp"
#include "study/columns.hpp"
#include "study/expansion.hpp"

namespace optexplore::picture {
namespace {

/// Share of the picture's size within which a run has reached a minimizer.
constexpr double near_share = 0.02;
/// A gradient this much smaller than f's change over the picture has nearly vanished.
constexpr double settled_share = 1e-3;
constexpr std::size_t most_colours = 7;
constexpr std::size_t most_clusters = 64;
constexpr std::uint64_t most_starts = 4'000'000;

/// Endings while runs are counted: a cluster's number, or one of these.
constexpr std::uint8_t other = 250, unsettled = 251, lost = 252;

void check_settings(const Experiment& experiment) {
  for (const OptimizerSpec& optimizer : experiment.optimizers) {
    if (study::count_settings(optimizer) > 1)
      throw InputError("basins need one setting per optimizer, '" + optimizer.label + "' has several", "", "--kind");
  }
  if (experiment.seeds > 1)
    throw InputError("basins need one seed, found " + std::to_string(experiment.seeds), "", "--kind");
}

/// The two coordinates that the starts span; makes a grid when there is none.
std::array<std::size_t, 2> spanned(Experiment& experiment, const BasinsOptions& options, Basins& basins) {
  const FunctionSpec& function = experiment.functions.front();
  StartSpec& start = experiment.start;
  if (start.kind == StartSpec::Kind::grid) {
    std::vector<std::size_t> axes;
    for (std::size_t i = 0; i < start.counts.size(); ++i)
      if (start.counts[i] > 1) axes.push_back(i);
    if (axes.size() != 2)
      throw InputError("basins need starts on a grid over two coordinates, found " + std::to_string(axes.size()), "",
                       "--start");
    return {axes[0], axes[1]};
  }
  if (function.entry.domain.empty())
    throw InputError("no domain of " + function.entry.name +
                         " is known; give starts on a grid, as in --start '{\"grid\": [[-5,5,200],[-5,5,200]]}'",
                     "", "--start");
  std::vector<double> at = study::only_start(start, function).value_or(function.start());
  at.resize(function.dim, 0.0);
  StartSpec grid;
  grid.kind = StartSpec::Kind::grid;
  for (std::size_t i = 0; i < function.dim; ++i) {
    grid.box.push_back(i < 2 ? *function.interval(i) : Interval{at[i], at[i]});
    grid.counts.push_back(i < 2 ? options.points : 1);
  }
  start = grid;
  basins.notes.push_back("starts: a grid of " + std::to_string(options.points) + " × " +
                         std::to_string(options.points) + " over the domain");
  return {0, 1};
}

double distance(const std::vector<double>& a, const double* b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(sum);
}

/// What is kept of a run.
struct End {
  std::uint8_t ending = unsettled;
  float steps = 0;  ///< NaN: the target wasn't reached
};

/// Sorts last points into clusters: around the known minimizers, then around the first run that came there.
class Clusters {
 public:
  Clusters(const FunctionSpec& function, double radius) : radius_(radius), dim_(function.dim) {
    for (const std::vector<double>& minimizer : function.minimizers) {
      if (centres_.size() < most_clusters) centres_.push_back(minimizer);
    }
    known_ = centres_.size();
  }

  std::uint8_t of(const double* point, bool settled) {
    std::size_t nearest = centres_.size();
    double least = radius_;
    for (std::size_t i = 0; i < centres_.size(); ++i) {
      if (i >= known_ && !settled) break;
      const double d = distance(centres_[i], point);
      if (d > least) continue;
      least = d;
      nearest = i;
    }
    if (nearest < centres_.size()) return static_cast<std::uint8_t>(nearest);
    if (!settled) return unsettled;
    if (centres_.size() == most_clusters) return other;
    centres_.emplace_back(point, point + dim_);
    return static_cast<std::uint8_t>(centres_.size() - 1);
  }

  [[nodiscard]] const std::vector<std::vector<double>>& centres() const { return centres_; }
  [[nodiscard]] std::size_t known() const { return known_; }

 private:
  double radius_;
  std::size_t dim_;
  std::size_t known_ = 0;
  std::vector<std::vector<double>> centres_;
};

std::string point_label(const std::vector<double>& point) {
  std::string text = "(";
  for (std::size_t i = 0; i < std::min<std::size_t>(point.size(), 3); ++i) {
    // What is only rounding away from zero is zero.
    const double value = std::fabs(point[i]) < 5e-4 ? 0 : point[i];
    text += (i > 0 ? ", " : "") + number(value, 3);
  }
  return text + (point.size() > 3 ? ", …)" : ")");
}

/// Chooses the endings that get a colour: known minimizers that were reached, then the most frequent places.
std::vector<std::uint8_t> choose_endings(Basins& basins, const Clusters& clusters, const std::vector<End>& ends,
                                         const std::array<std::size_t, 2>& axes) {
  std::map<std::uint8_t, std::size_t> count;
  for (const End& end : ends) ++count[end.ending];
  std::vector<std::uint8_t> order;
  for (const auto& [ending, runs] : count)
    if (ending < clusters.centres().size()) order.push_back(ending);
  std::stable_sort(order.begin(), order.end(), [&](std::uint8_t a, std::uint8_t b) {
    const bool known_a = a < clusters.known(), known_b = b < clusters.known();
    return known_a != known_b ? known_a : !known_a && count[a] > count[b];
  });
  std::vector<std::uint8_t> final_index(256, 0);
  std::size_t rest = count[other];
  std::vector<std::uint8_t> other_minima = {other};
  // Of very many places no few are worth a colour; the known minimizers are.
  const bool crowded = order.size() > most_colours;
  for (const std::uint8_t ending : order) {
    if (basins.endings.size() == most_colours || (crowded && ending >= clusters.known())) {
      rest += count[ending];
      other_minima.push_back(ending);
      continue;
    }
    final_index[ending] = static_cast<std::uint8_t>(basins.endings.size());
    const std::vector<double>& centre = clusters.centres()[ending];
    basins.endings.push_back({point_label(centre), style(basins.endings.size()).colour, true,
                              std::array<double, 2>{centre[axes[0]], centre[axes[1]]}});
  }
  const auto neutral = [&](const std::vector<std::uint8_t>& from, const char* label, const char* colour) {
    for (const std::uint8_t ending : from) final_index[ending] = static_cast<std::uint8_t>(basins.endings.size());
    basins.endings.push_back({label, colour, false, std::nullopt});
  };
  if (rest > 0) neutral(other_minima, "other minima", "#C8B99A");
  if (count[unsettled] > 0) neutral({unsettled}, "not settled", "#E4E4E4");
  if (count[lost] > 0) neutral({lost}, "diverged", "#6E6E6E");
  return final_index;
}

/// How many steps the quick and the slow runs needed.
std::array<double, 2> step_limits(const std::vector<End>& ends) {
  std::vector<float> steps;
  for (const End& end : ends)
    if (!std::isnan(end.steps) && end.ending < other) steps.push_back(end.steps);
  if (steps.empty()) return {0, 0};
  std::sort(steps.begin(), steps.end());
  const auto at = [&](double share) {
    return static_cast<double>(steps[static_cast<std::size_t>(share * static_cast<double>(steps.size() - 1))]);
  };
  return {at(0.02), at(0.98)};
}

}  // namespace

Basins make_basins(Experiment experiment, const BasinsOptions& options) {
  Basins basins;
  const FunctionSpec function = only_function(experiment);
  if (function.dim < 2)
    throw InputError("basins need two coordinates, " + function.entry.name + " has one", "", "--kind");
  if (function.dim > study::max_default_coordinates)
    throw InputError("basins need at most " + std::to_string(study::max_default_coordinates) + " dimensions, found " +
                         std::to_string(function.dim),
                     "", "--kind");
  check_settings(experiment);
  const std::array<std::size_t, 2> axes = spanned(experiment, options, basins);
  const StartSpec start = experiment.start;
  const std::size_t nx = start.counts[axes[0]], ny = start.counts[axes[1]];
  if (static_cast<double>(nx) * static_cast<double>(ny) > static_cast<double>(most_starts))
    throw InputError("basins show at most 2000 × 2000 starts, found " + std::to_string(nx) + " × " + std::to_string(ny),
                     "", "--start");
  basins.title = function.entry.title.empty() ? function.entry.definition.text() : function.entry.title;
  for (std::size_t k = 0; k < 2; ++k) {
    basins.labels[k] = function.coordinate(axes[k]);
    basins.range[k] = start.box[axes[k]];
    if (!(basins.range[k].low < basins.range[k].high))
      throw InputError("the starts of " + basins.labels[k] + " need an interval that isn't empty", "", "--start");
  }
  const double size =
      std::hypot(basins.range[0].high - basins.range[0].low, basins.range[1].high - basins.range[1].low);

  drive::SweepOptions sweep_options;
  sweep_options.target = options.target;
  sweep_options.columns = {{"status", {}},    {"f_start", {}},         {"f_final", {}},
                           {"grad_norm", {}}, {"steps_to_target", {}}, {"point", {}}};
  const drive::Sweep sweep(experiment, sweep_options);
  std::vector<End> ends(sweep.runs());
  Clusters clusters(function, near_share * size);
  const Schema& schema = sweep.schema();
  const std::size_t status = schema.column("status"), f_start = schema.column("f_start");
  const std::size_t f_final = schema.column("f_final"), grad_norm = schema.column("grad_norm");
  const std::size_t steps_to_target = schema.column("steps_to_target");
  std::vector<std::size_t> coordinates;
  for (std::size_t i = 0; i < function.dim; ++i) coordinates.push_back(schema.column(function.coordinate(i)));
  std::vector<double> point(function.dim);
  for_each_block(sweep, options.jobs, options.quiet, [&](const Block& block, std::uint64_t first_run) {
    for (std::size_t r = 0; r < block.rows; ++r) {
      End& end = ends[first_run + r];
      end.steps = static_cast<float>(block.at(steps_to_target, r));
      const bool diverged = failed(static_cast<Status>(static_cast<int>(block.at(status, r))));
      const double first = block.at(f_start, r), last = block.at(f_final, r);
      // A typical slope: f's change over the picture's size.
      const double slope = std::max(std::fabs(first - last), 1e-12) / size;
      const bool settled = block.at(grad_norm, r) <= settled_share * std::max(slope, 1e-9) && last <= first;
      for (std::size_t i = 0; i < point.size(); ++i) point[i] = block.at(coordinates[i], r);
      end.ending = diverged || !std::isfinite(last) ? lost : clusters.of(point.data(), settled);
    }
  });

  const std::vector<std::uint8_t> final_index = choose_endings(basins, clusters, ends, axes);
  const auto [quick, slow] = step_limits(ends);
  if (slow > 0)
    basins.steps_text = "darker: more steps to the target (" + number(quick, 6) + " to " + number(slow, 6) + ")";
  basins.cells = {std::min(nx, options.most_cells), std::min(ny, options.most_cells)};
  const std::size_t starts = nx * ny;
  for (std::size_t p = 0; p < experiment.optimizers.size(); ++p) {
    Basins::Panel panel;
    panel.label = experiment.optimizers[p].label;
    for (std::size_t j = 0; j < basins.cells[1]; ++j)
      for (std::size_t i = 0; i < basins.cells[0]; ++i) {
        // Of the starts that share a cell, the middle one: a mean of colours would be a colour of no minimizer.
        const std::size_t x = (2 * i + 1) * nx / (2 * basins.cells[0]), y = (2 * j + 1) * ny / (2 * basins.cells[1]);
        const End& end = ends[p * starts + x * ny + y];
        panel.ending.push_back(final_index[end.ending]);
        double part = std::isnan(end.steps) ? 1
                      : slow > quick ? std::log((end.steps + 1) / (quick + 1)) / std::log((slow + 1) / (quick + 1))
                                     : 0;
        if (basins.steps_text.empty()) part = 0;
        panel.shade.push_back(
            static_cast<std::uint8_t>(std::lround(std::clamp(part, 0.0, 1.0) * (Basins::shades - 1))));
      }
    basins.panels.push_back(std::move(panel));
  }
  return basins;
}

}  // namespace optexplore::picture
