// A live gnuplot window for `--window`, if there is a display.

import Basics
import Foundation
import GnuplotStream

/// A window in which each plot replaces the previous one during a run.
///
/// ```swift
/// let window = try LiveWindow(title: "training")
/// try window.show(.lines(chart))
/// ```
public final class LiveWindow {
  private let process: StayingProcess
  private let stream: OpaquePointer
  private let kind: String
  private let terminal: String
  private let theme: Theme

  /// The reason why there is no window.
  public enum Problem: Error, Equatable, CustomStringConvertible {
    /// Neither `DISPLAY` nor `WAYLAND_DISPLAY` names a display.
    case noDisplay
    /// A display is named, but does not respond.
    case noAnswer(display: String)
    /// This gnuplot was built without support for windows.
    case noTerminal
    /// The window's gnuplot has exited.
    case closed

    public var description: String {
      switch self {
      case .noDisplay:
        return "--window needs a display, and none is set (DISPLAY and WAYLAND_DISPLAY are empty). "
          + "The page has the same figures; over ssh, try ssh -X."
      case .noAnswer(let display):
        return "--window needs a display, but no display responds at DISPLAY=\(display). The page has the same figures."
      case .noTerminal:
        return "this gnuplot cannot open windows (no qt, wxt, x11 or aqua). Type: sudo apt-get install gnuplot-qt"
      case .closed: return "the plot window was closed"
      }
    }
  }

  /// Starts gnuplot for a window; the window opens with the first plot.
  ///
  /// Throws `Problem` if there can be no window, and `GnuplotError` if there is no gnuplot.
  public init(
    title: String, theme: Theme = .light, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws {
    let name = Gnuplot.program
    try Gnuplot.version(program: name)
    #if !os(macOS)
    guard ["DISPLAY", "WAYLAND_DISPLAY"].contains(where: { !(environment[$0] ?? "").isEmpty }) else {
      throw Problem.noDisplay
    }
    if (environment["WAYLAND_DISPLAY"] ?? "").isEmpty, let display = environment["DISPLAY"],
      !Display.answers(display)
    {
      throw Problem.noAnswer(display: display)
    }
    #endif
    // Ask gnuplot itself, because its terminals depend on how it was built.
    let report = try Gnuplot.invoke(name, arguments: ["-d"], script: "print GPVAL_TERMINALS\n", seconds: 10)
    let known = report.output.split { $0 == " " || $0 == "\n" }
    guard let kind = ["qt", "wxt", "aqua", "x11"].first(where: { known.contains(Substring($0)) }) else {
      throw Problem.noTerminal
    }
    guard let process = try? StayingProcess([name, "-d", "--persist"]),
      let stream = gnuplot_stream_open(process.input)
    else { throw GnuplotError.missing(program: name) }
    self.process = process
    self.stream = stream
    // The background of a window is white in all of gnuplot's terminals.
    self.theme = theme == .dark ? .light : theme
    self.kind = kind
    terminal = "\(kind) noenhanced persist title \(GnuplotScript.quote(title))"
  }

  /// Draws a plot that replaces the previous one.
  public func show(_ plot: Plot) throws {
    let style = PlotStyle(theme: theme)
    let script = plot.kind.script(style)
    let size = "size \(Numbers.script(script.width)),\(Numbers.script(script.height))"
    // Sizes are in points here, one of which is 4/3 pixels; where the terminal supports it, all texts are scaled.
    let font =
      ["qt", "wxt"].contains(kind)
      ? "font 'Inter,\(Numbers.script(style.font))' fontscale 0.75"
      : "font 'Inter,\(Numbers.script(style.font * 0.75))'"
    let text = "reset session\n" + script.text(terminal: "\(terminal) \(size) \(font)")
    guard process.within(10, { Gnuplot.send(text, to: stream) }) else { throw Problem.closed }
  }

  deinit {
    // At the end of its input gnuplot exits, and a persistent window stays open.
    gnuplot_stream_close(stream)
    process.finish(within: 2)
  }
}
