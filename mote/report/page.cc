#include "mote/report/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "mote/record/provenance.h"
#include "mote/report/html_text.h"
#include "mote/report/page_assets.h"
#include "mote/report/page_data.h"
#include "mote/report/page_section.h"
#include "mote/report/static_chart.h"

namespace mote {
namespace {

constexpr std::string_view kGenerator = "<meta name=\"generator\" content=\"mote ";

// Expat, as Debian's libjs-chart.js has it; Chart.js brings @kurkle/color along under the same.
constexpr std::string_view kChartLicence =
    "Permission is hereby granted, free of charge, to any person obtaining a copy of this software "
    "and associated documentation files (the \"Software\"), to deal in the Software without "
    "restriction, including without limitation the rights to use, copy, modify, merge, publish, "
    "distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the "
    "Software is furnished to do so, subject to the following conditions: The above copyright "
    "notice and this permission notice shall be included in all copies or substantial portions of "
    "the Software. THE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR "
    "IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A "
    "PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE "
    "LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR "
    "OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER "
    "DEALINGS IN THE SOFTWARE.";

std::string TitleOf(const std::vector<ReportSection>& sections) {
  if (sections.size() == 1) return sections.front().title;
  return fmt::format("{} runs", sections.size());
}

// The runs side by side: their key numbers, each a column where at least one has it.
std::string Overview(const std::vector<ReportSection>& sections) {
  std::vector<std::string> names;
  for (const ReportSection& section : sections) {
    for (const auto& [name, value] : section.key_numbers) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  std::string html =
      "<section class=\"overview\"><h2>Side by side</h2>\n<div class=\"scroll\"><table>"
      "<thead><tr><th>Run</th><th>State</th>";
  for (const std::string& name : names) {
    html += fmt::format("<th class=\"number\">{}</th>", Html(name));
  }
  html += "</tr></thead><tbody>\n";
  for (std::size_t i = 0; i < sections.size(); ++i) {
    html += fmt::format("<tr><th scope=\"row\"><a href=\"#run{}\">{}</a></th><td>{}</td>", i + 1,
                        Html(sections[i].title), Html(sections[i].state));
    for (const std::string& name : names) {
      const auto& facts = sections[i].key_numbers;
      const auto found = std::find_if(facts.begin(), facts.end(),
                                      [&name](const auto& fact) { return fact.first == name; });
      html += fmt::format("<td class=\"number\">{}</td>",
                          found == facts.end() ? "" : Html(found->second));
    }
    html += "</tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

// Best-so-far curves of the same estimator over each other, one chart per estimator that at least
// two runs share.
std::string Overlays(const std::vector<ReportSection>& sections) {
  std::vector<std::string> names;
  for (const ReportSection& section : sections) {
    for (const BestSoFar& curve : section.curves) {
      if (std::find(names.begin(), names.end(), curve.name) == names.end()) {
        names.push_back(curve.name);
      }
    }
  }
  std::string html;
  for (const std::string& name : names) {
    std::vector<StaticLine> lines;
    // What counts and what is timed do not go on one axis.
    bool in_seconds = true;
    for (const ReportSection& section : sections) {
      for (const BestSoFar& curve : section.curves) {
        in_seconds = in_seconds && (curve.name != name || curve.in_seconds);
      }
    }
    for (const ReportSection& section : sections) {
      for (const BestSoFar& curve : section.curves) {
        if (curve.name != name) continue;
        lines.push_back({section.title, in_seconds ? curve.x : curve.count, curve.best});
      }
    }
    if (lines.size() < 2) continue;
    std::string legend = "<ul class=\"legend\">";
    for (std::size_t i = 0; i < lines.size(); ++i) {
      legend += fmt::format(
          "<li><svg width=\"34\" height=\"8\"><path class=\"line look{}\" d=\"M0 4H34\"/></svg> "
          "{}</li>",
          i % 6, Html(lines[i].name));
    }
    html += fmt::format(
        "<figure class=\"plot wide\" data-plot=\"overlay\" data-name=\"{0}\">\n"
        "<figcaption>Best {0} so far</figcaption>\n<div class=\"canvas\"><canvas tabindex=\"0\" "
        "role=\"img\"></canvas></div>\n<div class=\"static\">{1}{2}</ul></div>\n</figure>\n",
        Html(name), StaticStepChart(lines, {}, in_seconds ? "core seconds" : "evaluations", name),
        legend);
  }
  return html;
}

}  // namespace

std::string ReportPage(const std::vector<ReportSection>& sections, const ReportContext& context,
                       const PageOptions& options) {
  const Provenance program = BuildProvenance();
  const std::string title = Html(TitleOf(sections));
  std::string page = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n{}{}\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      // Nothing is ever fetched, not even an icon.
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
      "style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n"
      "<link rel=\"icon\" href=\"data:,\">\n",
      kGenerator, Html(program.version));
  if (options.reload_seconds > 0) {
    page += fmt::format(
        "<noscript><meta http-equiv=\"refresh\" content=\"{0}\"></noscript>\n"
        "<meta name=\"mote-reload\" content=\"{0}\">\n",
        options.reload_seconds);
  }
  page += fmt::format("<title>{} - mote</title>\n<style>\n{}</style>\n</head>\n<body>\n", title,
                      kPageStyle);
  page += fmt::format("<header class=\"top\"><h1>{}</h1></header>\n<main>\n", title);
  if (sections.size() > 1) {
    page += Overview(sections) + Overlays(sections) + "</section>\n";
  }
  for (std::size_t i = 0; i < sections.size(); ++i) {
    page += SectionHtml(sections[i], int(i) + 1);
  }
  page += fmt::format(
      "</main>\n<footer>\n<p>Made by mote {} ({}). Charts by Chart.js, © Chart.js Contributors, "
      "and its part @kurkle/color, © Jukka Kurkela, under the MIT licence.</p>\n"
      "<details><summary>Its words</summary><p>{}</p></details>\n</footer>\n",
      Html(program.version), Html(program.commit), Html(kChartLicence));
  for (std::size_t i = 0; i < sections.size(); ++i) {
    page += fmt::format("<script type=\"application/json\" id=\"run{}-data\">{}</script>\n", i + 1,
                        ScriptJson(PageData(sections[i], context)));
  }
  page += fmt::format("<script>\n{}</script>\n<script>\n{}</script>\n</body>\n</html>\n",
                      kChartScript, kPageScripts);
  return page;
}

bool IsReportPage(std::string_view content) {
  return content.substr(0, 1000).find(kGenerator) != std::string_view::npos;
}

}  // namespace mote
