// Shows a page that is longer than the terminal in the reader's pager.

import Basics
import Foundation
import Synchronization

/// Collects the output of a page and then shows it one screen at a time.
final class Pager: Sendable {
  private let collected = Mutex("")

  /// A console that prints into the pager.
  var console: Console {
    var console = Console.standard
    console.write = { text in self.collected.withLock { $0 += text } }
    return console
  }

  /// Whether a page can be shown in a pager: standard input and output are a terminal that supports escape codes and
  /// shows no images, and `PAGER` is neither empty nor `cat`.
  static func isWanted(_ terminal: Terminal, _ graphics: @autoclosure () -> TerminalGraphics) -> Bool {
    guard terminal.isInteractive, terminal.knowsCodes, !["", "cat"].contains(terminal.environment["PAGER"] ?? "less")
    else { return false }
    return ![.sixel, .kitty].contains(graphics())
  }

  /// Shows the collected text, without a pager if it fits the terminal or there is no pager.
  func show() {
    let (text, console) = (collected.withLock { $0 }, Console.standard)
    var size = winsize()
    let rows = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 ? Int(size.ws_row) : 0
    guard rows > 0, text.count(where: { $0 == "\n" }) >= rows else { return console.write(text) }
    let command = (console.terminal.environment["PAGER"] ?? "less").split(separator: " ").map(String.init)
    // Pass colours through, and leave the page on the screen afterwards.
    var process = ChildProcess(command == ["less"] ? ["less", "-RX"] : command)
    process.sharesOutput = true
    process.errors = .inherited
    process.feed = { descriptor in
      var text = text
      text.withUTF8 { _ = writeAll(UnsafeRawBufferPointer($0), to: descriptor) }
      close(descriptor)
    }
    if (try? process.run()) == nil { console.write(text) }
  }
}
