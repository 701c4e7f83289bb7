// Draws figures: runs their scripts in parallel gnuplot processes and converts the files to elements for a page.

import Foundation
import Synchronization

/// The medium for which a figure is drawn; the raw value is part of the picture's identifier.
enum Screen: String, Sendable, CaseIterable {
  /// A page on a desktop screen.
  case page = "w"
  /// A phone: larger text, stacked panels.
  case phone = "n"
  /// A slide: text that the back row can read.
  case deck = "d"
}

/// Draws figures with gnuplot.
///
/// ```swift
/// let rendered = try FigureRenderer(theme: .light).render(figures)
/// html += "<figure>" + rendered[0].svgs[0] + "</figure>"
/// ```
public struct FigureRenderer: Sendable {
  /// The theme of the figures. Light and dark give the same elements, which the page's style sheet colours.
  public var theme: Theme
  /// The gnuplot program to run.
  public var program: String
  /// The time in seconds after which one gnuplot process, with all its frames, is stopped.
  public var timeLimit: Double
  /// The number of gnuplot processes that run in parallel.
  public var processes: Int
  /// The screens for which each figure is drawn.
  var screens: [Screen]

  /// Creates a renderer.
  public init(theme: Theme) {
    self.init(theme: theme, program: Gnuplot.program)
  }

  init(theme: Theme, program: String, timeLimit: Double = 20, processes: Int = 2, screens: [Screen] = Screen.allCases) {
    self.theme = theme
    self.program = program
    self.timeLimit = timeLimit
    self.processes = processes
    self.screens = screens
  }

  /// The CSS rules that a page with figures needs: colours of text and series that follow the page's light or dark
  /// scheme.
  ///
  /// The rules use the page's custom properties `--fg` (text) and `--bg` (background, for halos) if they are set, and
  /// follow `color-scheme`: a page that switches themes with an attribute sets `color-scheme: light` or `dark` there.
  public static let styleSheet: String = {
    var css = "svg.plot{display:block;width:100%;height:auto}"
    let ink = Palette.ink
    for property in ["fill", "stroke"] {
      css +=
        "svg.plot [\(property)=\"\(Palette.rgb(ink.light))\"]{\(property):var(--fg,light-dark(\(ink.light),\(ink.dark)))}"
    }
    var seen = Set<String>()
    func follow(_ pair: Palette.Pair, _ properties: [String] = ["fill", "stroke"]) {
      guard seen.insert(pair.light).inserted else { return }
      for property in properties {
        css +=
          "svg.plot [\(property)=\"\(Palette.rgb(pair.light))\"]{\(property):light-dark(\(pair.light),\(pair.dark))}"
      }
    }
    for entry in Palette.entries {
      follow((entry.line, entry.darkLine))
      follow((entry.text, entry.darkText))
    }
    for pair in [Palette.muted, Palette.grid, Palette.edges] + Palette.faces { follow(pair) }
    for tone in Palette.contourTones { follow(tone, ["stroke"]) }
    // In cells with numbers, all colours are inverted in the dark theme, and so is their text.
    func turn(_ light: String, _ dark: String) {
      guard seen.insert(light).inserted else { return }
      css += "svg.plot [fill=\"\(Palette.rgb(light))\"]{fill:light-dark(\(light),\(dark))}"
    }
    turn(PlotStyle.inkOnPale, "#fff")
    turn(PlotStyle.inkOnDeep, "#000")
    for stops in [Palette.sequential, Palette.diverging] {
      for k in 0..<Palette.steps {
        let color = Palette.step(stops, Double(k) / Double(Palette.steps - 1))
        turn(Palette.hex(color), Palette.hex(Palette.inverted(color)))
      }
    }
    let turned = "svg.turns image{filter:invert(1) hue-rotate(180deg)}"
    css += ":root[data-theme=dark] \(turned)@media(prefers-color-scheme:dark){:root:not([data-theme]) \(turned)}"
    css += "@media(max-width:480px){.plot-broad{display:none}}@media(min-width:480.02px){.plot-narrow{display:none}}"
    return css
  }()

  /// The gnuplot script of one frame, with its data in inline blocks.
  public func script(for plot: Plot, isWide: Bool = false, isNarrow: Bool = false) -> String {
    plot.kind.script(PlotStyle(theme: theme, isWide: isWide, isNarrow: isNarrow)).text()
  }

  /// One frame to be drawn.
  private struct Job: Sendable {
    var figure: Int, frame: Int
    var screen: Screen
    var width: Double, height: Double, font: Double
    var name: String
    var text: String
    var hover: JSONValue?
    var turnsInDark: Bool
  }

  /// Draws all figures and returns the results in order.
  ///
  /// The frames are distributed among a few gnuplot processes that run in parallel; each draws one frame after the
  /// other. Throws `GnuplotError`, which names the figure that could not be drawn.
  public func render(_ figures: [Figure]) throws -> [RenderedFigure] {
    guard !figures.isEmpty else { return [] }
    try Gnuplot.version(program: program)
    var jobs: [Job] = []
    let frames = figures.map { Plot.sharingScales($0.frames) }
    for (f, figure) in figures.enumerated() {
      for screen in screens {
        let style = style(of: figure, frames[f], on: screen)
        for (k, plot) in frames[f].enumerated() {
          let script = plot.kind.script(style)
          jobs.append(
            Job(
              figure: f, frame: k, screen: screen, width: script.width, height: script.height, font: style.font,
              name: figure.name, text: script.text(), hover: script.hover,
              turnsInDark: script.turnsInDark))
        }
      }
    }
    let ids = Self.uniqueIDs(figures.map(\.name))
    func places(_ count: Int, _ screen: Screen) -> [String] {
      Array(repeating: "", count: screens.contains(screen) ? count : 0)
    }
    var results = frames.enumerated().map { f, plots in
      RenderedFigure(
        svgs: places(plots.count, .page), narrowSVGs: places(plots.count, .phone), deckSVGs: places(plots.count, .deck),
        altTexts: plots.map(\.kind.altText), script: "", csv: CSVTable.text(figures[f]))
    }
    for job in jobs where job.frame == 0 && job.screen == .page {
      results[job.figure].script =
        "# \(ids[job.figure]).gp: type “gnuplot \(ids[job.figure]).gp” to draw \(ids[job.figure]).svg\n"
        + Self.withOutput(job.text, "\(ids[job.figure]).svg")
    }

    // Distribute the jobs by size, so that the processes finish at about the same time.
    let count = max(1, min(processes, jobs.count))
    var piles = Array(repeating: [Int](), count: count), sizes = Array(repeating: 0, count: count)
    for j in jobs.indices {
      let least = sizes.indices.min { sizes[$0] < sizes[$1] } ?? 0
      piles[least].append(j)
      sizes[least] += jobs[j].text.utf8.count + 4000
    }
    let outcomes = Mutex<[Int: Result<[String], GnuplotError>]>([:])
    let work = piles, all = jobs
    let titles = figures.map { figure in figure.frames.indices.map { Self.plain(figure.title(of: $0)) } }
    let alts = results.map(\.altTexts)
    DispatchQueue.concurrentPerform(iterations: count) { p in
      let outcome: Result<[String], GnuplotError>
      do throws(GnuplotError) {
        let files = try Gnuplot.draw(work[p].map { (all[$0].name, all[$0].text) }, program: program, seconds: timeLimit)
        var svgs: [String] = []
        for (j, file) in zip(work[p], files) {
          let job = all[j]
          let id = "\(ids[job.figure])-\(job.screen.rawValue)\(job.frame)"
          guard let sanitizer = SVGSanitizer(file, id: id, fontSize: job.font) else {
            throw .failed(message: "it wrote an incomplete picture", figure: job.name)
          }
          svgs.append(
            sanitizer.svg(
              width: job.width, height: job.height, title: titles[job.figure][job.frame],
              description: alts[job.figure][job.frame], hover: job.hover, turnsInDark: job.turnsInDark)
          )
        }
        outcome = .success(svgs)
      } catch {
        outcome = .failure(error)
      }
      outcomes.withLock { $0[p] = outcome }
    }
    for (p, outcome) in outcomes.withLock({ $0 }) {
      for (j, svg) in zip(piles[p], try outcome.get()) {
        let (figure, frame) = (jobs[j].figure, jobs[j].frame)
        switch jobs[j].screen {
        case .page: results[figure].svgs[frame] = svg
        case .phone: results[figure].narrowSVGs[frame] = svg
        case .deck: results[figure].deckSVGs[frame] = svg
        }
      }
    }
    return results
  }

  /// The style of all frames of a figure on a screen.
  private func style(of figure: Figure, _ frames: [Plot], on screen: Screen) -> PlotStyle {
    switch screen {
    case .page: return PlotStyle(theme: theme, isWide: figure.isWide)
    case .phone: return PlotStyle(theme: theme, isNarrow: true)
    case .deck:
      // The relation between height and width depends on the kind of plot.
      let tried = frames.isEmpty ? [] : [frames[0], frames[frames.count - 1]]
      return PlotStyle.deck(hasSlider: figure.parameter != nil) { style in
        tried.map { $0.kind.script(style).height }.max() ?? style.width / 2
      }
    }
  }

  /// Unique identifiers made from names, of letters, digits and hyphens.
  static func uniqueIDs(_ names: [String]) -> [String] {
    var seen: [String: Int] = [:]
    return names.map { name in
      let slug = Figure.slug(name)
      let id = slug.first?.isLetter == true ? slug : "figure" + (slug.isEmpty ? "" : "-" + slug)
      seen[id, default: 0] += 1
      let count = seen[id] ?? 1
      return count == 1 ? id : "\(id)-\(count)"
    }
  }

  /// A Markdown sentence without its markup.
  static func plain(_ markdown: String) -> String {
    String(markdown.onOneLine.filter { $0 != "*" && $0 != "`" })
  }

  private static func withOutput(_ script: String, _ file: String) -> String {
    let lines = script.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
    guard lines.count == 3 else { return script }
    return "\(lines[0])\n\(lines[1])\nset output '\(file)'\n\(lines[2])"
  }
}
