// Shows the progress of a long computation on standard error, so that it never mixes with the page.

import Basics
import Foundation
import Synchronization

/// A progress bar with the remaining time; it is not shown for work that takes less than two seconds.
///
/// Thread-safe. If standard error is not a terminal, it writes a plain line at most every ten seconds.
/// ```swift
/// let bar = page.progress("Training", total: steps)
/// train { step in bar.update(step) }
/// bar.finish()
/// ```
public final class ProgressBar: Sendable {
  private struct State {
    var lastShown = -Double.infinity
    var isVisible = false
    /// The width of the last line.
    var columns = 0
    var isFinished = false
  }
  private let label: String
  private let total: Int
  private let console: Console
  private let usesColor: Bool
  private let now: @Sendable () -> Double
  private let start: Double
  private let secondsLeftInAll: (@Sendable () -> Double?)?
  private let state = Mutex(State())

  init(
    _ label: String, total: Int, secondsLeftInAll: (@Sendable () -> Double?)? = nil, console: Console, usesColor: Bool,
    now: @escaping @Sendable () -> Double
  ) {
    self.label = label.withoutControls
    self.total = max(total, 1)
    self.console = console
    self.usesColor = usesColor
    self.secondsLeftInAll = secondsLeftInAll
    self.now = now
    start = now()
  }

  /// Creates a bar on standard error.
  ///
  /// - Parameters:
  ///   - label: the name of the work.
  ///   - total: the number of steps.
  ///   - secondsLeftInAll: if this is one of several pieces of work, returns the seconds until all are done, or nil if
  ///     they are unknown.
  public convenience init(_ label: String, total: Int, secondsLeftInAll: (@Sendable () -> Double?)? = nil) {
    let console = Console.standard
    self.init(
      label, total: total, secondsLeftInAll: secondsLeftInAll, console: console,
      usesColor: console.terminal.isErrorTerminal && console.terminal.allowsColor(true)
    ) {
      Double(DispatchTime.now().uptimeNanoseconds) / 1e9
    }
  }

  /// Shows that `done` of the total are done, with an optional remark on the progress: `loss 0.31`.
  public func update(_ done: Int, _ remark: String = "") {
    let time = now()
    let elapsed = time - start
    let share = min(max(Double(done) / Double(total), 0), 1)
    let expected = share > 0 ? elapsed / share : .infinity
    let line: String? = state.withLock { state in
      guard !state.isFinished else { return nil }
      let pause = console.terminal.isErrorTerminal ? 0.1 : 10
      guard elapsed > 0.4, expected > 2 || elapsed > 2, time - state.lastShown >= pause else { return nil }
      if !console.terminal.isErrorTerminal, elapsed < pause { return nil }
      state.lastShown = time
      state.isVisible = true
      var left = share > 0 ? readableDuration(seconds: expected - elapsed, .left) + " left" : ""
      if !left.isEmpty, let all = secondsLeftInAll?() { left += ", page " + readableDuration(seconds: all, .left) }
      let percent = "\(Int(share * 100)) %"
      guard console.terminal.isErrorTerminal else {
        return "\(label): \(percent)\(left.isEmpty ? "" : ", " + left)\(remark.isEmpty ? "" : ", " + remark)\n"
      }
      let width = min(console.terminal.columns ?? 80, 76)
      // The position and the size of the bar do not depend on the label.
      let (head, room) = (min(22, width / 3), min(14, width / 5))
      let name = label.columns > head ? String(label.prefix(head - 1)) + "…" : label
      let tail = " \(percent.paddedLeft(to: 5))  \(left)\(remark.isEmpty ? "" : "  " + remark)"
      var text = "\(name.padded(to: head)) \(Self.bar(share, room))\(tail)"
      if text.columns > width - 1 { text = String(text.prefix(width - 1)) }
      // Without escape codes, spaces overwrite the rest of a longer line.
      let rest = String(repeating: " ", count: max(state.columns - text.columns, 0))
      state.columns = text.columns
      return erases ? "\r\(text)\u{1B}[K" : "\r\(text)\(rest)"
    }
    if let line { console.writeError(line) }
  }

  /// Removes the bar.
  public func finish() {
    let (wasVisible, columns) = state.withLock { state in
      defer { state.isFinished = true }
      return (state.isVisible && !state.isFinished, state.columns)
    }
    if wasVisible, console.terminal.isErrorTerminal {
      console.writeError(erases ? "\r\u{1B}[K" : "\r\(String(repeating: " ", count: columns))\r")
    }
  }

  deinit { finish() }

  /// Whether the terminal supports the code that erases the rest of a line, and codes are allowed.
  private var erases: Bool { console.terminal.allowsColor(true) && console.terminal.knowsCodes }

  /// A bar in steps of an eighth of a cell, so that slow progress is visible.
  static func bar(_ share: Double, _ width: Int) -> String {
    guard width > 2 else { return "" }
    let eighths = Int(share * Double(width * 8))
    let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    let full = String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
    return full + String(repeating: "·", count: width - full.count)
  }
}
