#include "analysis/compare_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "text/aligned.hpp"
#include "text/number.hpp"
#include "text/utf8.hpp"
#include "text/wrap.hpp"

namespace optexplore::analysis {
namespace {

using analysis::Bands;
using analysis::Bounds;
using analysis::Entry;
using analysis::Judgement;
using analysis::Quartiles;
using Kind = Column::Kind;

bool any_setting(const CompareReport& report) {
  return std::ranges::any_of(report.comparison->entries, [](const Entry& entry) { return !entry.setting.empty(); });
}

std::string counted(std::uint64_t count, const std::string& one) {
  return std::to_string(count) + " " + one + (count == 1 ? "" : "s");
}

// --- for people ---

std::string short_number(double value) {
  if (std::isnan(value)) return "–";
  if (std::isinf(value)) return value > 0 ? "∞" : "-∞";
  return fmt::format("{:.3g}", value);
}

/// Counts of steps and evaluations: whole ones in full.
std::string count_text(double value) {
  if (!std::isfinite(value)) return short_number(value);
  return value < 1e6 ? fmt::format("{:.0f}", value) : fmt::format("{:.3g}", value);
}

template <class Text>
std::string spread(const Quartiles& of, Text text) {
  const std::string median = text(of.median), low = text(of.low), high = text(of.high);
  return low == high ? median : median + " (" + low + " … " + high + ")";
}

template <class Text>
std::string with_band(double value, const Bounds* band, Text text) {
  return text(value) + (band == nullptr ? "" : " [" + text(band->low) + ", " + text(band->high) + "]");
}

std::string percent(double share) { return fmt::format("{:.0f}%", 100 * share); }

text::AlignedTable people_table(const CompareReport& report) {
  const bool settings = any_setting(report);
  text::AlignedTable table;
  table.columns = {{"optimizer"}};
  if (settings) table.columns.push_back({report.every_setting ? "setting" : "best setting"});
  for (const char* title : {"solved", "95%", "touched", "steps to target", "ERT", "final gap", "rank", "diverged"})
    table.columns.push_back({title, true});
  for (std::size_t e = 0; e < report.judgements.size(); ++e) {
    const Entry& entry = report.comparison->entries[e];
    const Judgement& j = report.judgements[e];
    const Bands* bands = report.bands.empty() ? nullptr : &report.bands[e];
    std::vector<std::string> row = {entry.label};
    if (settings) row.push_back(entry.setting.empty() ? "–" : entry.rounded_setting);
    const bool targeted = !std::isnan(j.solved_share);
    row.push_back(targeted ? percent(j.solved_share) : "–");
    row.push_back(targeted ? percent(j.solved_bounds.low) + " … " + percent(j.solved_bounds.high) : "–");
    row.push_back(targeted ? percent(j.touched_share) : "–");
    row.push_back(spread(j.steps, count_text));
    row.push_back(with_band(j.ert, bands == nullptr ? nullptr : &bands->ert, count_text));
    row.push_back(spread(j.gap, short_number));
    row.push_back(with_band(j.mean_rank, bands == nullptr ? nullptr : &bands->mean_rank,
                            [](double rank) { return fmt::format("{:.2f}", rank); }));
    row.push_back(percent(j.diverged_share));
    table.rows.push_back(std::move(row));
  }
  return table;
}

// --- for programs ---

/// "lr greatest,momentum least"; empty when the best setting is at no end of what was tried.
std::string range_end_text(const Entry& entry) {
  std::string text;
  for (const RangeEnd& end : entry.range_ends)
    text += (text.empty() ? "" : ",") + end.name + (end.greatest ? " greatest" : " least");
  return text;
}

struct Figure {
  const char* name;
  Kind kind;
  double (*value)(const Entry&, const Judgement&);
};

constexpr Figure figures[] = {
    {"runs", Kind::integer, [](const Entry&, const Judgement& j) { return static_cast<double>(j.runs); }},
    {"solved", Kind::integer, [](const Entry&, const Judgement& j) { return static_cast<double>(j.solved); }},
    {"solved_share", Kind::number, [](const Entry&, const Judgement& j) { return j.solved_share; }},
    {"solved_low", Kind::number, [](const Entry&, const Judgement& j) { return j.solved_bounds.low; }},
    {"solved_high", Kind::number, [](const Entry&, const Judgement& j) { return j.solved_bounds.high; }},
    {"touched", Kind::integer, [](const Entry&, const Judgement& j) { return static_cast<double>(j.touched); }},
    {"touched_share", Kind::number, [](const Entry&, const Judgement& j) { return j.touched_share; }},
    {"steps_q1", Kind::number, [](const Entry&, const Judgement& j) { return j.steps.low; }},
    {"steps_median", Kind::number, [](const Entry&, const Judgement& j) { return j.steps.median; }},
    {"steps_q3", Kind::number, [](const Entry&, const Judgement& j) { return j.steps.high; }},
    {"ert", Kind::number, [](const Entry&, const Judgement& j) { return j.ert; }},
    {"gap_q1", Kind::number, [](const Entry&, const Judgement& j) { return j.gap.low; }},
    {"gap_median", Kind::number, [](const Entry&, const Judgement& j) { return j.gap.median; }},
    {"gap_q3", Kind::number, [](const Entry&, const Judgement& j) { return j.gap.high; }},
    {"mean_rank", Kind::number, [](const Entry&, const Judgement& j) { return j.mean_rank; }},
    {"diverged_share", Kind::number, [](const Entry&, const Judgement& j) { return j.diverged_share; }},
};

struct BandFigure {
  const char* name;
  Bounds Bands::*band;
};

constexpr BandFigure band_figures[] = {
    {"steps_median", &Bands::steps_median},
    {"ert", &Bands::ert},
    {"gap_median", &Bands::gap_median},
    {"mean_rank", &Bands::mean_rank},
};

}  // namespace

std::vector<std::string> report_notes(const CompareReport& report) {
  const analysis::Comparison& comparison = *report.comparison;
  const std::vector<Entry>& entries = comparison.entries;
  std::vector<std::string> notes;
  const auto chosen = std::ranges::any_of(entries, [](const Entry& entry) { return entry.settings > 1; });
  if (report.tuned) {
    std::vector<std::string> fixed;
    const Entry* tuned = nullptr;
    for (const Entry& entry : entries) {
      if (entry.settings == 1) fixed.push_back(entry.label);
      if (entry.settings > 1) tuned = &entry;
    }
    if (tuned != nullptr)
      notes.push_back("Each optimizer tried " + counted(tuned->settings, "setting") + " on " +
                      counted(comparison.tuning_starts, "start") + " (" + counted(tuned->tuning_runs, "run") +
                      "), and is judged on other starts; every run may spend " +
                      counted(report.experiment->steps, "evaluation") + ".");
    if (!fixed.empty()) notes.push_back("Nothing to tune, one setting: " + text::join(fixed, ", ") + ".");
  } else if (chosen && !report.every_setting) {
    notes.emplace_back(
        "Settings were chosen on the runs that they are judged on, which flatters those with many; --tune uses other "
        "starts.");
  }
  for (const Entry& entry : entries)
    for (const RangeEnd& end : entry.range_ends)
      notes.push_back("The best " + end.name + " of " + entry.label + ", " + short_number(end.value) + ", is the " +
                      (end.greatest ? "greatest" : "least") + " that was tried; a " +
                      (end.greatest ? "greater" : "lesser") + " one may be better.");
  for (std::size_t f = 0; f < report.experiment->functions.size(); ++f) {
    const std::string& name = report.experiment->functions[f].entry.name;
    const bool has_target = std::ranges::any_of(comparison.problems, [&](const analysis::Problem& problem) {
      return problem.function == f && problem.has_target;
    });
    const FunctionSpec& function = report.experiment->functions[f];
    const bool up = function.entry.maximize;
    if (!has_target)
      notes.push_back("No target for " + name + ": its " + (up ? "maximum" : "minimum") +
                      " isn't known; give one with --target.");
    if (!comparison.reference_is_known[f])
      notes.push_back("The gap of " + name + " is that to " + short_number(function.sign() * comparison.references[f]) +
                      ", the " + (up ? "greatest" : "least") + " f of all runs.");
  }
  return notes;
}

std::string table_text(const CompareReport& report, bool in_markdown) {
  const text::AlignedTable table = people_table(report);
  std::string text = in_markdown ? text::markdown(table) : text::aligned(table);
  const std::uint64_t runs = report.judgements.empty() ? 0 : report.judgements.front().runs;
  text +=
      "\n" + counted(runs, "run") +
      " each. solved: reached the target and stayed there until the end; touched: was there at some step. Steps and "
      "gap: median (quartiles). ERT: expected evaluations until solved" +
      (report.bands.empty() ? ".\n" : "; [95% by bootstrap].\n");
  for (const std::string& note : report_notes(report)) text += (in_markdown ? "\n" : "") + note + "\n";
  return text;
}

Table report_table(const CompareReport& report) {
  const std::vector<Entry>& entries = report.comparison->entries;
  const bool settings = any_setting(report);
  Table table;
  std::vector<Column>& columns = table.schema.columns;
  columns = {{"optimizer", Kind::text}};
  for (const Entry& entry : entries) columns[0].labels.push_back(entry.label);
  if (settings) {
    columns.push_back({"setting", Kind::text});
    for (const Entry& entry : entries) columns[1].labels.push_back(entry.setting);
    columns.push_back({"settings", Kind::integer});
  }
  if (settings && !report.every_setting) {
    columns.push_back({"range_end", Kind::text});
    for (const Entry& entry : entries) columns.back().labels.push_back(range_end_text(entry));
  }
  if (report.tuned) {
    columns.push_back({"tuning_runs", Kind::integer});
    columns.push_back({"steps_limit", Kind::integer});
  }
  for (const Figure& figure : figures) columns.push_back({figure.name, figure.kind});
  if (!report.bands.empty())
    for (const BandFigure& figure : band_figures)
      for (const char* end : {"_low", "_high"}) columns.push_back({figure.name + std::string(end)});

  for (std::size_t e = 0; e < report.judgements.size(); ++e) {
    const auto add = [&table](auto value) { table.numbers.push_back(static_cast<double>(value)); };
    add(e);
    if (settings) {
      add(e);
      add(entries[e].settings);
    }
    if (settings && !report.every_setting) add(e);
    if (report.tuned) {
      add(entries[e].tuning_runs);
      add(entries[e].steps);
    }
    for (const Figure& figure : figures) add(figure.value(entries[e], report.judgements[e]));
    if (report.bands.empty()) continue;
    for (const BandFigure& figure : band_figures) {
      const Bounds& band = report.bands[e].*figure.band;
      add(band.low);
      add(band.high);
    }
  }
  return table;
}

}  // namespace optexplore::analysis
