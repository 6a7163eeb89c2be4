#include "language/lexer.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>

#include "text/caret.hpp"
#include "text/utf8.hpp"

namespace optexplore::language {
namespace {

struct Replacement {
  std::string_view typed;
  std::string_view meaning;
};

// What people paste from papers, web pages and word processors.
constexpr Replacement symbols[] = {
    {"·", "*"},  {"×", "*"},   {"⋅", "*"},   {"∙", "*"},   {"∗", "*"},   {"−", "-"}, {"–", "-"},
    {"÷", "/"},  {"∕", "/"},   {"≤", "<="},  {"≥", ">="},  {"≠", "!="},  {"√", "√"}, {"ᵀ", "'"},
    {"**", "^"}, {"<=", "<="}, {">=", ">="}, {"==", "=="}, {"!=", "!="},
};
constexpr Replacement words[] = {{"π", "pi"}, {"∞", "inf"}};
constexpr Replacement superscripts[] = {
    {"⁰", "0"}, {"¹", "1"}, {"²", "2"}, {"³", "3"}, {"⁴", "4"}, {"⁵", "5"},
    {"⁶", "6"}, {"⁷", "7"}, {"⁸", "8"}, {"⁹", "9"}, {"⁻", "-"}, {"ⁿ", "n"},
};
constexpr Replacement subscripts[] = {
    {"₀", "0"}, {"₁", "1"}, {"₂", "2"}, {"₃", "3"}, {"₄", "4"},
    {"₅", "5"}, {"₆", "6"}, {"₇", "7"}, {"₈", "8"}, {"₉", "9"},
};
constexpr std::string_view spaces[] = {" ", "\t", "\n", "\r", "\u00A0", "\u2009", "\u202F", "\u2003"};

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_(source) {}

  std::vector<Token> run() {
    if (const auto bad = text::invalid_utf8(source_))
      throw text::error_at(source_, {*bad, *bad + 1}, "the text is not valid UTF-8");
    while (skip_spaces(), at_ < source_.size()) next();
    tokens_.push_back({Token::Kind::end, {source_.size(), source_.size()}, "", 0});
    return std::move(tokens_);
  }

 private:
  [[nodiscard]] std::string_view rest() const { return source_.substr(at_); }
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
  }

  template <std::size_t N>
  const Replacement* match(const Replacement (&table)[N]) const {
    for (const Replacement& row : table)
      if (rest().starts_with(row.typed)) return &row;
    return nullptr;
  }

  void skip_spaces() {
    for (bool again = true; again;) {
      again = false;
      for (const std::string_view space : spaces)
        if (rest().starts_with(space)) {
          at_ += space.size();
          again = true;
        }
    }
  }

  void push(Token::Kind kind, std::size_t begin, std::string text, double value = 0) {
    tokens_.push_back({kind, {begin, at_}, std::move(text), value});
  }

  void next() {
    const std::size_t begin = at_;
    if (digit(peek()) || (peek() == '.' && digit(peek(1)))) return number();
    if (const Replacement* word = match(words)) {
      at_ += word->typed.size();
      return push(Token::Kind::name, begin, std::string(word->meaning));
    }
    if (letter(peek()) || greek_length() != 0) return name();
    if (match(superscripts) != nullptr) return superscript();
    if (const Replacement* symbol = match(symbols)) {
      at_ += symbol->typed.size();
      return push(Token::Kind::symbol, begin, std::string(symbol->meaning));
    }
    if (transposes()) {
      at_ += 2;
      return push(Token::Kind::symbol, begin, "'");
    }
    if (std::string_view("+-*/^()[],:;<>=@'").find(peek()) != std::string_view::npos) {
      ++at_;
      return push(Token::Kind::symbol, begin, std::string(1, source_[begin]));
    }
    unexpected();
  }

  [[noreturn]] void unexpected() const {
    const std::size_t length = text::first_code_point(rest()).bytes;
    std::string message = "unexpected character '" + std::string(source_.substr(at_, length)) + "'";
    if (rest().starts_with("&")) message += "; write 'and'";
    if (rest().starts_with("|")) message += "; write 'or', or abs(…) for an absolute value";
    if (rest().starts_with("!")) message += "; write 'not' or '!='";
    if (rest().starts_with("%")) message += "; write mod(a,b)";
    if (static_cast<unsigned char>(peek()) < 0x20 || peek() == 0x7F) message = "unexpected control character";
    throw text::error_at(source_, {at_, at_ + length}, message);
  }

  void number() {
    const std::size_t begin = at_;
    while (digit(peek())) ++at_;
    if (peek() == '.') ++at_;
    while (digit(peek())) ++at_;
    const bool sign = peek(1) == '+' || peek(1) == '-';
    if ((peek() == 'e' || peek() == 'E') && digit(peek(sign ? 2 : 1))) {
      at_ += sign ? 2 : 1;
      while (digit(peek())) ++at_;
    }
    const std::string_view text = source_.substr(begin, at_ - begin);
    double value = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code == std::errc::result_out_of_range && !(value == 0)) value = HUGE_VAL;
    if (code == std::errc::result_out_of_range || !std::isfinite(value))
      throw text::error_at(source_, {begin, at_}, "the number is outside the range of a double");
    if (code != std::errc() || end != text.data() + text.size() || peek() == '.')
      throw text::error_at(source_, {begin, at_ + (peek() == '.' ? 1 : 0)}, "malformed number");
    push(Token::Kind::number, begin, std::string(text), value);
  }

  /// Length of the Greek letter at the cursor, or 0. π is the constant, so it never starts a name.
  [[nodiscard]] std::size_t greek_length() const {
    if (at_ + 1 >= source_.size()) return 0;
    const auto lead = static_cast<unsigned char>(source_[at_]);
    const auto trail = static_cast<unsigned char>(source_[at_ + 1]);
    const unsigned code = ((lead & 0x1FU) << 6U) | (trail & 0x3FU);
    return (lead == 0xCD || lead == 0xCE || lead == 0xCF) && code >= 0x391 && code <= 0x3C9 ? 2 : 0;
  }

  /// ".T" is the transpose, as long as no longer name begins so.
  [[nodiscard]] bool transposes() const {
    return rest().starts_with(".T") && !letter(peek(2)) && !digit(peek(2)) &&
           !(peek(2) == '.' && letter(peek(3)) && peek(3) != 'T');
  }

  void name() {
    const std::size_t begin = at_;
    std::string text;
    for (;;) {
      if (letter(peek()) || digit(peek())) {
        text += source_[at_++];
      } else if (const std::size_t length = greek_length()) {
        text += source_.substr(at_, length);
        at_ += length;
      } else if (const Replacement* subscript = match(subscripts)) {
        text += subscript->meaning;
        at_ += subscript->typed.size();
      } else if (peek() == '.' && letter(peek(1)) && !transposes()) {  // state.m, hp.lr, g.x
        text += source_[at_++];
      } else {
        break;
      }
    }
    push(Token::Kind::name, begin, std::move(text));
  }

  /// x² is x^2, x⁻¹ is x^(-1), xⁿ is x^n.
  void superscript() {
    const std::size_t begin = at_;
    std::string text;
    while (const Replacement* row = match(superscripts)) {
      text += row->meaning;
      at_ += row->typed.size();
    }
    const bool name = text == "n";
    double value = 0;
    if (!name) {
      const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
      if (code != std::errc() || end != text.data() + text.size())
        throw text::error_at(source_, {begin, at_}, "malformed superscript");
    }
    push(Token::Kind::symbol, begin, "^");
    // Marked so that the parser takes exactly one token as the exponent.
    push(name ? Token::Kind::name : Token::Kind::number, begin, text, value);
  }

  std::string_view source_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> tokenize(std::string_view source) { return Lexer(source).run(); }

}  // namespace optexplore::language
