#include "analysis/compare_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "text/utf8.hpp"
#include "text/wrap.hpp"

namespace optexplore::analysis {
namespace {

using analysis::Bands;
using analysis::Bounds;
using analysis::Entry;
using analysis::Judgement;
using analysis::Quartiles;
using Kind = ColumnInfo::Kind;

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

struct Table {
  struct Column {
    std::string title;
    bool right = false;
  };
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;
};

Table make_table(const CompareReport& report) {
  const bool settings = any_setting(report);
  Table table;
  table.columns = {{"optimizer"}};
  if (settings) table.columns.push_back({report.every_setting ? "setting" : "best setting"});
  for (const char* title : {"solved", "95%", "steps to target", "ERT", "final gap", "rank", "diverged"})
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

std::string aligned(const Table& table) {
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    widths.push_back(text::display_width(table.columns[c].title));
    for (const auto& row : table.rows) widths[c] = std::max(widths[c], text::display_width(row[c]));
  }
  const auto line = [&](const auto& cell) {
    std::string text;
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      const std::string& content = cell(c);
      const std::string fill(widths[c] - text::display_width(content), ' ');
      if (c > 0) text += "  ";
      text += table.columns[c].right ? fill + content : content + fill;
    }
    text.erase(text.find_last_not_of(' ') + 1);
    return text + "\n";
  };
  std::string text = line([&](std::size_t c) -> const std::string& { return table.columns[c].title; });
  for (const auto& row : table.rows) text += line([&](std::size_t c) -> const std::string& { return row[c]; });
  return text;
}

/// Text in a cell of Markdown.
std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '|' || c == '\\' || c == '*' || c == '_' || c == '<' || c == '`') result += '\\';
    result += c;
  }
  return result;
}

std::string markdown(const Table& table) {
  std::string text = "|", rule = "|";
  for (const Table::Column& column : table.columns) {
    text += " " + column.title + " |";
    rule += column.right ? " ---: |" : " --- |";
  }
  text += "\n" + rule + "\n";
  for (const auto& row : table.rows) {
    text += "|";
    for (const std::string& cell : row) text += " " + escaped(cell) + " |";
    text += "\n";
  }
  return text;
}

// --- for programs ---

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
    notes.push_back(
        "Settings were chosen on the runs that they are judged on, which flatters those with many; --tune uses other "
        "starts.");
  }
  for (std::size_t f = 0; f < report.experiment->functions.size(); ++f) {
    const std::string& name = report.experiment->functions[f].entry.name;
    const bool has_target = std::ranges::any_of(comparison.problems, [&](const analysis::Problem& problem) {
      return problem.function == f && problem.has_target;
    });
    if (!has_target) notes.push_back("No target for " + name + ": its minimum isn't known; give one with --target.");
    if (!comparison.reference_is_known[f])
      notes.push_back("The gap of " + name + " is that to " + short_number(comparison.references[f]) +
                      ", the least f of all runs.");
  }
  return notes;
}

std::string table_text(const CompareReport& report, bool in_markdown) {
  const Table table = make_table(report);
  std::string text = in_markdown ? markdown(table) : aligned(table);
  const std::uint64_t runs = report.judgements.empty() ? 0 : report.judgements.front().runs;
  text += "\n" + counted(runs, "run") +
          " each. Steps and gap: median (quartiles). ERT: expected evaluations to the target" +
          (report.bands.empty() ? ".\n" : "; [95% by bootstrap].\n");
  for (const std::string& note : report_notes(report)) text += (in_markdown ? "\n" : "") + note + "\n";
  return text;
}

std::vector<ColumnInfo> report_columns(const CompareReport& report) {
  std::vector<ColumnInfo> columns = {{"optimizer", Kind::choice}};
  for (const Entry& entry : report.comparison->entries) columns[0].labels.push_back(entry.label);
  if (any_setting(report)) {
    columns.push_back({"setting", Kind::choice});
    for (const Entry& entry : report.comparison->entries) columns[1].labels.push_back(entry.setting);
    columns.push_back({"settings", Kind::integer});
  }
  if (report.tuned) {
    columns.push_back({"tuning_runs", Kind::integer});
    columns.push_back({"steps_limit", Kind::integer});
  }
  for (const Figure& figure : figures) columns.push_back({figure.name, figure.kind});
  if (!report.bands.empty())
    for (const BandFigure& figure : band_figures)
      for (const char* end : {"_low", "_high"}) columns.push_back({figure.name + std::string(end), Kind::number});
  return columns;
}

RowBlock report_rows(const CompareReport& report) {
  RowBlock block;
  const bool settings = any_setting(report);
  for (std::size_t e = 0; e < report.judgements.size(); ++e) {
    const Entry& entry = report.comparison->entries[e];
    block.values.push_back(static_cast<double>(e));
    if (settings) {
      block.values.push_back(static_cast<double>(e));
      block.values.push_back(static_cast<double>(entry.settings));
    }
    if (report.tuned) {
      block.values.push_back(static_cast<double>(entry.tuning_runs));
      block.values.push_back(static_cast<double>(entry.steps));
    }
    for (const Figure& figure : figures) block.values.push_back(figure.value(entry, report.judgements[e]));
    if (report.bands.empty()) continue;
    for (const BandFigure& figure : band_figures) {
      const Bounds& band = report.bands[e].*figure.band;
      block.values.push_back(band.low);
      block.values.push_back(band.high);
    }
  }
  block.rows = report.judgements.size();
  block.first = block.last = true;
  block.trajectory = table::no_trajectory(report_columns(report).size());
  return block;
}

}  // namespace optexplore::analysis
