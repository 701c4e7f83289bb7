// A page that is longer than the terminal goes through the reader's pager.

import Basics
import Foundation
import Synchronization

/// Collects what a page prints, and then shows it a screen at a time.
final class Pager: Sendable {
  private let collected = Mutex("")

  /// A console that prints into the pager.
  var console: Console {
    var console = Console.standard
    console.write = { text in self.collected.withLock { $0 += text } }
    return console
  }

  /// Whether a page can go through a pager: a person is at a terminal that knows codes and shows no images, and has not
  /// set `PAGER` to nothing or to `cat`.
  static func isWanted(_ terminal: Terminal, _ graphics: @autoclosure () -> TerminalGraphics) -> Bool {
    guard terminal.isInteractive, terminal.knowsCodes, !["", "cat"].contains(terminal.environment["PAGER"] ?? "less")
    else { return false }
    return ![.sixel, .kitty].contains(graphics())
  }

  /// Shows what was collected: at once where it fits the terminal or there is no pager.
  func show() {
    let (text, console) = (collected.withLock { $0 }, Console.standard)
    var size = winsize()
    let rows = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 ? Int(size.ws_row) : 0
    guard rows > 0, text.count(where: { $0 == "\n" }) >= rows else { return console.write(text) }
    let command = (console.terminal.environment["PAGER"] ?? "less").split(separator: " ").map(String.init)
    // Colours as they are; the page stays on the screen afterwards.
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
