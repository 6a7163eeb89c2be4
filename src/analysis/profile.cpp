#include "analysis/profile.hpp"

#include <algorithm>
#include <limits>

#include "analysis/judgement.hpp"

namespace optexplore::analysis {
namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr std::size_t most_points = 1000;

/// What a problem took, and which problem.
struct Time {
  double x = 0;
  std::size_t problem = 0;
};

/// Per entry, ascending; of all problems that have a target, infinite where it wasn't reached.
std::vector<std::vector<Time>> times(const Comparison& comparison, ProfileKind kind) {
  std::vector<std::vector<Time>> result(comparison.entries.size());
  for (std::size_t p = 0; p < comparison.problems.size(); ++p) {
    if (!comparison.problems[p].has_target) continue;
    const auto evaluations = [&](const Entry& entry) {
      return entry.outcomes[p].solved() ? 1 + entry.outcomes[p].spent : inf;
    };
    double quickest = inf;
    for (const Entry& entry : comparison.entries) quickest = std::min(quickest, evaluations(entry));
    for (std::size_t e = 0; e < result.size(); ++e) {
      double x = evaluations(comparison.entries[e]);
      if (x < inf && kind == ProfileKind::performance) x /= quickest;
      if (kind == ProfileKind::data) x /= static_cast<double>(comparison.problems[p].dim) + 1;
      result[e].push_back({x, p});
    }
  }
  for (std::vector<Time>& of : result)
    std::sort(of.begin(), of.end(),
              [](const Time& a, const Time& b) { return a.x != b.x ? a.x < b.x : a.problem < b.problem; });
  return result;
}

/// The x of a curve's points: both ends, and where it jumps.
std::vector<double> abscissas(const std::vector<Time>& times, double first, double last) {
  std::vector<double> jumps;
  for (const Time& time : times)
    if (time.x > first && time.x < last && (jumps.empty() || time.x != jumps.back())) jumps.push_back(time.x);
  std::vector<double> x = {first};
  const std::size_t room = most_points - 2;
  if (jumps.size() <= room)
    x.insert(x.end(), jumps.begin(), jumps.end());
  else
    for (std::size_t i = 0; i < room; ++i) x.push_back(jumps[i * (jumps.size() - 1) / (room - 1)]);
  if (last > first) x.push_back(last);
  return x;
}

/// The share of problems, each counted as often as `count` says, whose time is at most x; for each x.
template <class Count>
std::vector<double> shares(const std::vector<Time>& times, const std::vector<double>& x, Count count) {
  double total = 0, reached = 0;
  for (const Time& time : times) total += count(time.problem);
  std::vector<double> result;
  std::size_t i = 0;
  for (const double limit : x) {
    for (; i < times.size() && times[i].x <= limit; ++i) reached += count(times[i].problem);
    result.push_back(total == 0 ? 0 : reached / total);
  }
  return result;
}

void add_bands(const Comparison& comparison, const std::vector<std::vector<Time>>& times, std::uint64_t resamples,
               std::span<Curve> curves) {
  std::vector<std::vector<std::vector<double>>> drawn(curves.size());  // per curve and point: one share per resample
  for (std::size_t e = 0; e < curves.size(); ++e) drawn[e].resize(curves[e].x.size());
  for (std::uint64_t b = 0; b < resamples; ++b) {
    const std::vector<std::uint32_t> counts = resample(comparison, b);
    for (std::size_t e = 0; e < curves.size(); ++e) {
      const std::vector<double> share = shares(times[e], curves[e].x, [&](std::size_t p) { return counts[p]; });
      for (std::size_t i = 0; i < share.size(); ++i) drawn[e][i].push_back(share[i]);
    }
  }
  for (std::size_t e = 0; e < curves.size(); ++e)
    for (std::vector<double>& values : drawn[e]) {
      std::sort(values.begin(), values.end());
      curves[e].bands.push_back({quantile(values, 0.025), quantile(values, 0.975)});
    }
}

}  // namespace

const char* to_string(ProfileKind kind) {
  switch (kind) {
    case ProfileKind::ecdf: return "ecdf";
    case ProfileKind::performance: return "performance";
    case ProfileKind::data: return "data";
  }
  return "";
}

std::vector<Curve> profiles(const Comparison& comparison, std::uint64_t resamples) {
  std::vector<Curve> curves;
  for (const ProfileKind kind : {ProfileKind::ecdf, ProfileKind::performance, ProfileKind::data}) {
    const std::vector<std::vector<Time>> of = times(comparison, kind);
    double first = inf, last = -inf;
    for (const std::vector<Time>& entry : of)
      for (const Time& time : entry) {
        first = std::min(first, time.x);
        if (time.x < inf) last = std::max(last, time.x);
      }
    if (first == inf) first = last = 1;  // nothing is solved: lines at 0
    if (of.empty() || of.front().empty()) return {};
    for (std::size_t e = 0; e < of.size(); ++e) {
      Curve curve{kind, e, abscissas(of[e], first, last), {}, {}};
      curve.share = shares(of[e], curve.x, [](std::size_t) { return 1; });
      curves.push_back(std::move(curve));
    }
    if (resamples > 0) add_bands(comparison, of, resamples, std::span(curves).last(of.size()));
  }
  return curves;
}

Table profile_table(const Comparison& comparison, const std::vector<Curve>& curves, bool every_setting) {
  using Kind = Column::Kind;
  const bool bands = !curves.empty() && !curves.front().bands.empty();
  Table table;
  std::vector<Column>& columns = table.schema.columns;
  columns = {{"profile", Kind::text}, {"optimizer", Kind::text}, {"x"}, {"share"}};
  for (const ProfileKind kind : {ProfileKind::ecdf, ProfileKind::performance, ProfileKind::data})
    columns[0].labels.emplace_back(to_string(kind));
  for (const Entry& entry : comparison.entries)
    columns[1].labels.push_back(every_setting && !entry.setting.empty() ? entry.label + ":" + entry.setting
                                                                        : entry.label);
  if (bands)
    for (const char* name : {"share_low", "share_high"}) columns.push_back({name});
  for (const Curve& curve : curves)
    for (std::size_t i = 0; i < curve.x.size(); ++i) {
      const double kind = static_cast<double>(curve.kind), entry = static_cast<double>(curve.entry);
      table.numbers.insert(table.numbers.end(), {kind, entry, curve.x[i], curve.share[i]});
      if (bands) table.numbers.insert(table.numbers.end(), {curve.bands[i].low, curve.bands[i].high});
    }
  return table;
}

}  // namespace optexplore::analysis
