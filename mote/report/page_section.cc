#include "mote/report/page_section.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "mote/report/html_text.h"
#include "mote/report/static_chart.h"

namespace mote {
namespace {

// What stands in the HTML itself of long tables; scripts show the rest.
constexpr int kStaticRows = 100;
// Numbers without a picture stand open, if they are few.
constexpr std::size_t kOpenRows = 40;

// A number with six digits, which is more than anyone reads, larger ones whole; other text as it
// is.
std::string ShortNumber(const std::string& text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [read, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || read != end || text.size() <= 7 || value == std::round(value)) {
    return text;
  }
  return std::abs(value) >= 1e5 ? fmt::format("{:.0f}", value) : fmt::format("{:.6g}", value);
}

class SectionWriter {
 public:
  SectionWriter(const ReportSection& section, int number) : section_(section), number_(number) {}

  std::string Write() {
    html_ += fmt::format("<article class=\"run\" id=\"run{0}\" data-run=\"{0}\">\n", number_);
    Header();
    Summary();
    if (section_.candidates.rows() > 0) Candidates();
    Texts();
    Figures();
    Failures();
    FactTable("Configuration", section_.configuration);
    ProvenanceTables();
    Repeat();
    html_ += "</article>\n";
    return html_;
  }

 private:
  std::string Id(const char* part) const { return fmt::format("run{}-{}", number_, part); }

  void Header() {
    html_ += fmt::format("<header><h2><span class=\"name\">{}</span>", Html(section_.title));
    if (!section_.state.empty()) {
      html_ += fmt::format(" <span class=\"state {0}\">{0}</span>", Html(section_.state));
    }
    html_ += "</h2></header>\n";
  }

  void Summary() {
    html_ += fmt::format("<section class=\"summary\" id=\"{}\">\n<div class=\"words\">\n",
                         Id("summary"));
    if (!section_.key_numbers.empty()) {
      html_ += "<dl class=\"key\">";
      for (const auto& [name, value] : section_.key_numbers) {
        html_ += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>", Html(name), Html(value));
      }
      html_ += "</dl>\n";
    }
    for (const std::string& sentence : section_.summary) {
      html_ += fmt::format("<p>{}</p>\n", Html(sentence));
    }
    html_ += "</div>\n";
    if (!section_.winner.empty()) {
      html_ += "<figure class=\"winner\">\n" + section_.winner_cell;
      html_ += fmt::format(
          "<figcaption><b>{}</b> <code class=\"arch\">{}</code></figcaption>\n</figure>\n",
          section_.state == "running" || section_.state == "stopped" ? "best so far" : "the best",
          Html(section_.winner));
    }
    html_ += "</section>\n";
  }

  // A chart: the scripts draw into the canvas, the picture is for readers without them and paper.
  void Chart(const std::string& kind, const std::string& title, const std::string& picture,
             const std::string& more = {}) {
    if (picture.empty()) return;
    html_ += fmt::format(
        "<figure class=\"plot\" data-plot=\"{}\"{}>\n<figcaption>{}</figcaption>\n"
        "<div class=\"canvas\"><canvas tabindex=\"0\" role=\"img\"></canvas></div>\n"
        "<div class=\"static\">{}</div>\n</figure>\n",
        kind, more, Html(title), picture);
  }

  void Curves() {
    for (std::size_t i = 0; i < section_.curves.size(); ++i) {
      const BestSoFar& curve = section_.curves[i];
      std::vector<StaticPoint> dots;
      for (std::size_t k = 0; k < curve.x.size(); ++k) dots.push_back({curve.x[k], curve.value[k]});
      Chart("curve",
            fmt::format("Best {} so far{}", curve.name,
                        curve.name == "judged accuracy" ? "" : ", by first scores"),
            StaticStepChart({{curve.name, curve.x, curve.best}}, dots,
                            curve.in_seconds ? "core seconds" : "evaluations", curve.name),
            fmt::format(" data-curve=\"{}\"", i));
    }
  }

  void Charts() {
    html_ += "<div class=\"plots\">\n";
    Curves();
    const CandidateTable& table = section_.candidates;
    if (const ReportColumn* score = table.Score()) {
      Chart("histogram", fmt::format("How {} is distributed", score->label),
            StaticHistogram(score->values, score->label));
      for (const char* cost : {"params", "macs"}) {
        const ReportColumn* column = table.Find(cost);
        if (column == nullptr) continue;
        std::vector<StaticPoint> points;
        for (int row = 0; row < table.rows(); ++row) {
          points.push_back({column->values[row] * column->scale, score->values[row]});
        }
        const auto front = FrontOf(points, score->better == Preference::kLower);
        Chart("front", fmt::format("{} against {}", score->label, column->label),
              front.empty() ? "" : StaticFrontChart(points, front, column->label, score->label),
              fmt::format(" data-cost=\"{}\"", cost));
      }
    }
    html_ += "</div>\n";
  }

  void Candidates() {
    const CandidateTable& table = section_.candidates;
    html_ += fmt::format(
        "<section class=\"candidates\" id=\"{}\">\n<h3>Architectures</h3>\n"
        "<div class=\"split\">\n<div class=\"main\">\n"
        "<p class=\"by\" hidden><label>Charts of <select class=\"score-choice\"></select></label>"
        "</p>\n",
        Id("architectures"));
    Charts();
    html_ +=
        "<div class=\"controls\" hidden>\n"
        "<label class=\"filter\">Filter <input type=\"search\" spellcheck=\"false\" "
        "autocomplete=\"off\" placeholder=\"skip_connect  params&lt;0.5M  -none\"></label>\n"
        "<button type=\"button\" class=\"download\">Download CSV</button>\n"
        "<p class=\"hint\">Words must stand in the architecture, words after - must not; "
        "<code>column&lt;number</code> also with &gt; &lt;= &gt;= = and the suffixes k and M. "
        "Arrow keys move through rows.</p>\n"
        "<p class=\"status\" role=\"status\"></p>\n</div>\n";
    html_ += "<div class=\"scroll\"><table class=\"rows\"><thead><tr><th>Architecture</th>";
    for (const ReportColumn& column : table.columns) {
      html_ += fmt::format("<th class=\"number\" title=\"{}\">{}</th>", Html(column.help),
                           Html(column.label));
    }
    html_ += "</tr></thead>\n<tbody>\n";
    const int shown = std::min(table.rows(), kStaticRows);
    for (int row = 0; row < shown; ++row) {
      html_ += fmt::format("<tr><td><code class=\"arch\">{}</code></td>", Html(table.archs[row]));
      for (const ReportColumn& column : table.columns) {
        html_ += fmt::format("<td class=\"number\">{}</td>",
                             Html(ShownValue(column, column.values[row])));
      }
      html_ += "</tr>\n";
    }
    html_ +=
        "</tbody></table></div>\n<nav class=\"pager\" aria-label=\"Pages of the table\" "
        "hidden></nav>\n";
    if (shown < table.rows()) {
      html_ += fmt::format("<p class=\"cut\">The first {} of {} rows.</p>\n", shown, table.rows());
    }
    html_ +=
        "</div>\n<aside class=\"cell\" aria-live=\"polite\" hidden></aside>\n</div>\n"
        "</section>\n";
  }

  void Figures() {
    for (std::size_t i = 0; i < section_.figures.size(); ++i) {
      const Figure& figure = section_.figures[i];
      html_ += fmt::format("<section class=\"figure\" data-figure=\"{}\">\n<h3>{}</h3>\n", i,
                           Html(figure.name));
      // As an image no script in it runs, and its names cannot clash with the page's.
      if (!figure.svg.empty()) {
        html_ += fmt::format("<p class=\"picture\"><img src=\"{}\" alt=\"{}\"></p>\n",
                             DataUrl("image/svg+xml", figure.svg), Html(figure.name));
      }
      if (!figure.header.empty()) FigureTable(figure);
      html_ += "</section>\n";
    }
  }

  void FigureTable(const Figure& figure) {
    html_ += fmt::format(
        "<details{}><summary>{} row{} of numbers</summary>\n"
        "<p><a download=\"{}.csv\" href=\"{}\">Download {}.csv</a></p>\n"
        "<div class=\"controls\" hidden><label class=\"filter\">Filter <input type=\"search\" "
        "spellcheck=\"false\" autocomplete=\"off\"></label>"
        "<p class=\"status\" role=\"status\"></p></div>\n"
        "<div class=\"scroll\"><table class=\"rows\"><thead><tr>",
        figure.svg.empty() && figure.rows.size() <= kOpenRows ? " open" : "", figure.rows.size(),
        figure.rows.size() == 1 ? "" : "s", Html(figure.name), DataUrl("text/csv", figure.csv),
        Html(figure.name));
    for (const std::string& name : figure.header) html_ += fmt::format("<th>{}</th>", Html(name));
    html_ += "</tr></thead>\n<tbody>\n";
    const std::size_t shown = std::min<std::size_t>(figure.rows.size(), kStaticRows);
    for (std::size_t row = 0; row < shown; ++row) {
      html_ += "<tr>";
      for (const std::string& cell : figure.rows[row]) {
        html_ += fmt::format("<td>{}</td>", Html(ShortNumber(cell)));
      }
      html_ += "</tr>\n";
    }
    html_ +=
        "</tbody></table></div>\n<nav class=\"pager\" aria-label=\"Pages of the table\" "
        "hidden></nav>\n";
    if (shown < figure.rows.size()) {
      html_ +=
          fmt::format("<p class=\"cut\">The first {} of {} rows.</p>\n", shown, figure.rows.size());
    }
    html_ += "</details>\n";
  }

  void Texts() {
    for (const FigureText& text : section_.texts) {
      html_ += fmt::format("<section><h3>{}</h3>\n<pre class=\"text\">{}</pre></section>\n",
                           Html(text.name), HtmlLines(text.text));
    }
  }

  void Failures() {
    if (section_.failures.empty()) return;
    std::map<std::string, int> reasons;
    for (const ReportFailure& failure : section_.failures) ++reasons[failure.reason];
    html_ += fmt::format("<section id=\"{}\"><h3>Failures</h3>\n", Id("failures"));
    html_ += fmt::format("<p>{} measurement{} failed.</p>\n<ul>\n", section_.failures.size(),
                         section_.failures.size() == 1 ? "" : "s");
    int listed = 0;
    for (const auto& [reason, count] : reasons) {
      if (++listed > 20) break;
      html_ += fmt::format("<li>{}: {}</li>\n", count, Html(reason));
    }
    if (listed > 20) html_ += fmt::format("<li>and {} other reasons</li>\n", reasons.size() - 20);
    html_ +=
        "</ul>\n<details><summary>Which</summary><div class=\"scroll\"><table>"
        "<thead><tr><th>Architecture</th><th>What</th><th>Why</th></tr></thead><tbody>\n";
    const std::size_t shown = std::min<std::size_t>(section_.failures.size(), 10 * kStaticRows);
    for (std::size_t i = 0; i < shown; ++i) {
      const ReportFailure& failure = section_.failures[i];
      html_ +=
          fmt::format("<tr><td><code class=\"arch\">{}</code></td><td>{}</td><td>{}</td></tr>\n",
                      Html(failure.arch), Html(failure.what), Html(failure.reason));
    }
    html_ += "</tbody></table></div>";
    if (shown < section_.failures.size()) {
      html_ += fmt::format("<p class=\"cut\">The first {}.</p>", shown);
    }
    html_ += "</details></section>\n";
  }

  void FactRows(const Facts& facts) {
    html_ += "<table class=\"facts\"><tbody>\n";
    for (const auto& [name, value] : facts) {
      html_ +=
          fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", Html(name), Html(value));
    }
    html_ += "</tbody></table>\n";
  }

  void FactTable(const char* title, const Facts& facts) {
    if (facts.empty()) return;
    html_ += fmt::format("<section><details><summary><h3>{}</h3></summary>\n", title);
    FactRows(facts);
    html_ += "</details></section>\n";
  }

  void ProvenanceTables() {
    if (section_.provenance.empty()) return;
    html_ += "<section><details><summary><h3>Provenance</h3></summary>\n<div class=\"side\">";
    for (const Facts& facts : section_.provenance) FactRows(facts);
    html_ += "</div></details></section>\n";
  }

  void Repeat() {
    if (section_.repeat.empty()) return;
    html_ += fmt::format(
        "<section><h3>Do it again</h3>\n<p>With the same program on the same instruction set this "
        "gives equal bits, but for the seconds that are measured.</p>\n<pre "
        "class=\"command\"><code>{}</code></pre></section>\n",
        HtmlLines(section_.repeat));
  }

  const ReportSection& section_;
  const int number_;
  std::string html_;
};

}  // namespace

std::string SectionHtml(const ReportSection& section, int number) {
  return SectionWriter(section, number).Write();
}

}  // namespace mote
