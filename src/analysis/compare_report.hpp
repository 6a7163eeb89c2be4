#pragma once

#include <optexplore/table.hpp>
#include <string>
#include <vector>

#include "analysis/comparison.hpp"
#include "analysis/judgement.hpp"

namespace optexplore::analysis {

/// A comparison for people and for programs.
struct CompareReport {
  const Experiment* experiment = nullptr;
  const analysis::Comparison* comparison = nullptr;
  std::vector<analysis::Judgement> judgements;  ///< per entry
  std::vector<analysis::Bands> bands;           ///< per entry; empty: no bootstrap
  bool tuned = false;
  bool every_setting = false;
};

/// What a reader has to know about how the figures came to be, one sentence each.
std::vector<std::string> report_notes(const CompareReport& report);

/// An aligned table, or one in Markdown, with the notes below.
std::string table_text(const CompareReport& report, bool markdown);

/// A row per entry, all figures.
Table report_table(const CompareReport& report);

}  // namespace optexplore::analysis
