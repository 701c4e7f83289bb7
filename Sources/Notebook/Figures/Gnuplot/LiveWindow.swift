// A live gnuplot window for `--window`, where there is a display to open it on.

import Basics
import Foundation
import GnuplotStream

/// A window in which plots replace each other while a run goes on.
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

  /// Why there is no window.
  public enum Problem: Error, Equatable, CustomStringConvertible {
    /// Neither `DISPLAY` nor `WAYLAND_DISPLAY` names a display.
    case noDisplay
    /// A display is named, but nothing answers there.
    case noAnswer(display: String)
    /// This gnuplot was built without windows.
    case noTerminal
    /// The window's gnuplot is gone.
    case closed

    public var description: String {
      switch self {
      case .noDisplay:
        return "--window needs a display, and none is set (DISPLAY and WAYLAND_DISPLAY are empty). "
          + "The page has the same figures; over ssh, try ssh -X."
      case .noAnswer(let display):
        return "--window needs a display, and nothing answers at DISPLAY=\(display). The page has the same figures."
      case .noTerminal:
        return "this gnuplot has no windows (none of qt, wxt, x11, aqua). Type: sudo apt-get install gnuplot-qt"
      case .closed: return "the plot window was closed"
      }
    }
  }

  /// Opens a gnuplot for a window; the window itself comes with the first plot.
  ///
  /// Throws `Problem` where there can be no window, `GnuplotError` where there is no gnuplot.
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
    // Asks gnuplot itself: the list of terminals depends on how it was built.
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
    // A window's ground is white in all of gnuplot's terminals.
    self.theme = theme == .dark ? .light : theme
    self.kind = kind
    terminal = "\(kind) noenhanced persist title \(GnuplotScript.quote(title))"
  }

  /// Draws a plot in place of the one before.
  public func show(_ plot: Plot) throws {
    let style = PlotStyle(theme: theme)
    let script = plot.kind.script(style)
    let size = "size \(Numbers.script(script.width)),\(Numbers.script(script.height))"
    // Sizes are in points here, of which there are three to four pixels; all texts are scaled where the terminal can.
    let font =
      ["qt", "wxt"].contains(kind)
      ? "font 'Inter,\(Numbers.script(style.font))' fontscale 0.75"
      : "font 'Inter,\(Numbers.script(style.font * 0.75))'"
    let text = "reset session\n" + script.text(terminal: "\(terminal) \(size) \(font)")
    guard process.within(10, { Gnuplot.send(text, to: stream) }) else { throw Problem.closed }
  }

  deinit {
    // The end of its input: gnuplot leaves, and a persistent window stays.
    gnuplot_stream_close(stream)
    process.finish(within: 2)
  }
}
