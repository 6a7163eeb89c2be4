#include "output/rows.hpp"

#include <algorithm>
#include <cstring>

namespace optexplore::output {
namespace {

char* copy(char* out, const std::string& text) {
  if (text.size() == 1) {  // by far the most frequent case, and several times as fast as a call
    *out = text.front();
    return out + 1;
  }
  if (text.empty()) return out;
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

}  // namespace

std::size_t RowTemplate::longest_row() const {
  std::size_t length = pending_.size();
  for (const Gap& gap : gaps_) {
    std::size_t longest = gap.labels == nullptr ? text::max_number_length : 0;
    if (gap.labels != nullptr)
      for (const std::string& label : *gap.labels) longest = std::max(longest, label.size());
    length += gap.before.size() + longest;
  }
  return length;
}

std::string RowTemplate::render(const Block& block, const text::NumberStyle& style, std::size_t first,
                                std::size_t count) const {
  std::string text(longest_row() * count, '\0');
  char* out = text.data();
  for (std::size_t row = first; row < first + count; ++row) {
    for (const Gap& gap : gaps_) {
      out = copy(out, gap.before);
      const double value = block.numbers[gap.offset + row * gap.stride];
      if (gap.labels != nullptr)
        out = copy(out, (*gap.labels)[static_cast<std::size_t>(value)]);
      else
        out = gap.integer ? text::write_integer(out, value, style) : text::write_number(out, value, style);
    }
    out = copy(out, pending_);
  }
  text.resize(static_cast<std::size_t>(out - text.data()));
  return text;
}

ColumnTexts::ColumnTexts(const Schema& schema, text::NumberStyle style,
                         const std::function<std::string(const std::string&)>& quote)
    : style_(style) {
  for (const Column& column : schema.columns) {
    kinds_.push_back(column.kind);
    labels_.emplace_back();
    for (const std::string& label : column.labels) labels_.back().push_back(quote(label));
  }
}

void ColumnTexts::add(RowTemplate& row, const Block& block, std::size_t column, std::string_view absent) const {
  const Values& values = (*block.columns)[column];
  if (values.encoding == Values::Encoding::absent) {
    row.text(absent);
  } else if (values.encoding == Values::Encoding::constant) {
    std::string text;
    append(text, column, values.constant);
    row.text(text);
  } else if (kinds_[column] == Column::Kind::text) {
    row.label(values, labels_[column]);
  } else {
    row.number(values, kinds_[column]);
  }
}

void ColumnTexts::append(std::string& text, std::size_t column, double value) const {
  if (kinds_[column] == Column::Kind::text)
    text += labels_[column][static_cast<std::size_t>(value)];
  else if (kinds_[column] == Column::Kind::integer)
    text::append_integer(text, value, style_);
  else
    text::append_number(text, value, style_);
}

}  // namespace optexplore::output
