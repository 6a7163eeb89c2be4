#include <string>

#include "output/gnuplot.hpp"
#include "output/writers.hpp"

namespace optexplore::output {
namespace {

/// gnuplot's nonuniform matrix: n x1 … xn, then for each line y z1 … zn. The columns are x, y and one value.
class Matrix : public RowWriter {
 public:
  Matrix(const Schema& schema, const WriteOptions& options)
      : line_(schema.line), style_(gnuplot_style(options.precision)) {}

  [[nodiscard]] Parts render(const Block& block) const override {
    std::string text;
    if (block.begins) {
      text += std::to_string(line_);
      for (std::size_t i = 0; i < line_; ++i) add(text, block.at(0, i));
      text += '\n';
    }
    for (std::size_t first = 0; first < block.rows; first += line_) {
      text::append_number(text, block.at(1, first), style_);
      for (std::size_t i = 0; i < line_; ++i) add(text, block.at(2, first + i));
      text += '\n';
    }
    return {text};
  }

 private:
  void add(std::string& text, double value) const {
    text += ' ';
    text::append_number(text, value, style_);
  }

  std::size_t line_;
  text::NumberStyle style_;
};

}  // namespace

std::unique_ptr<Writer> make_matrix(const Schema& schema, const WriteOptions& options) {
  return std::make_unique<Matrix>(schema, options);
}

std::string matrix_refusal(const Schema& schema) {
  if (schema.columns.size() == 3) return "";
  return "a matrix holds one value per point, found " + std::to_string(schema.columns.size() - 2) +
         " columns; choose one with --columns";
}

}  // namespace optexplore::output
