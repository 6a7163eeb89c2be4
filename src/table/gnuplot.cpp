#include <string>
#include <utility>
#include <vector>

#include "study/expansion.hpp"
#include "table/blocks.hpp"
#include "table/formats.hpp"
#include "table/rows.hpp"

namespace optexplore::table {
namespace {

/// gnuplot has no way to write a quote inside a quoted string of a data file (checked with 5.4:
/// neither
/// \" nor "" works, and the whole title is lost), so it becomes an apostrophe.
std::string quoted(const std::string& label) {
  std::string text = "\"";
  for (const char c : label) {
    const bool control = static_cast<unsigned char>(c) < ' ';
    text += c == '"' ? '\'' : control ? ' ' : c;
  }
  return text + "\"";
}

/// A block per trajectory: a quoted label line, then rows of numbers; two blank lines between
/// blocks.
class Gnuplot : public RowFormat {
 public:
  explicit Gnuplot(Document document)
      : RowFormat(std::move(document)),
        style_{.precision = document_.options.precision,
               .nan = "NaN",
               .inf = "NaN",  // gnuplot reads "inf" as a string
               .minus_inf = "NaN"},
        columns_(block_columns(document_)),
        several_functions_(document_.experiment->functions.size() > 1),
        several_runs_(study::several_runs(*document_.experiment)) {}

  [[nodiscard]] Piece render(RowBlock block) const override {
    RowTemplate row;
    for (const BlockColumn& column : columns_) {
      if (&column != &columns_.front()) row.text(" ");
      const ColumnInfo& info = document_.columns[column.column];
      if (!block.trajectory->present[column.column])
        row.text("NaN");
      else if (info.kind == ColumnInfo::Kind::choice)
        row.choice(column.value, quoted_labels(info, quoted));
      else
        row.number(column.value, info.kind);
    }
    row.text("\n");
    std::string text = block.first ? heading(*block.trajectory) : "";
    text += row.render(block, style_);
    return one_part(std::move(block), std::move(text));
  }

 private:
  [[nodiscard]] std::string heading(const TrajectoryInfo& trajectory) const {
    std::string label = trajectory.optimizer;
    if (several_functions_) label += ", " + trajectory.function;
    if (several_runs_) label += ", run " + std::to_string(trajectory.run);
    return (trajectory.index > 0 ? "\n\n" : "") + quoted(label) + "\n";
  }

  text::NumberStyle style_;
  std::vector<BlockColumn> columns_;
  bool several_functions_;
  bool several_runs_;
};

}  // namespace

std::unique_ptr<Format> make_gnuplot(Document document) { return std::make_unique<Gnuplot>(std::move(document)); }

}  // namespace optexplore::table
