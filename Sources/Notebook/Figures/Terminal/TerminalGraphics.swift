// The graphics that a terminal can show: images, braille in colour, or ASCII.

import Basics
import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The way in which pictures are drawn in a terminal.
public enum TerminalGraphics: Sendable, Equatable {
  /// Images in DEC's sixel protocol.
  case sixel
  /// Images in kitty's protocol.
  case kitty
  /// Braille and block characters, with or without colour.
  case braille(color: Bool)
  /// ASCII only.
  case dumb

  /// The best graphics that the environment indicates, without querying the terminal.
  ///
  /// Without a terminal or with `NO_COLOR`: no escape codes. With `TERM=dumb` or a locale that is not UTF-8: ASCII.
  public static func promised(by environment: [String: String], isTerminal: Bool) -> TerminalGraphics {
    let locale =
      [environment["LC_ALL"], environment["LC_CTYPE"], environment["LANG"]].compactMap { $0 }.first { !$0.isEmpty }
      ?? ""
    let term = environment["TERM"] ?? "", terminal = Terminal(isTerminal: isTerminal, environment: environment)
    let isUnicode = locale.lowercased().contains("utf") || (locale.isEmpty && !isTerminal)
    if !isUnicode || !terminal.knowsCodes { return .dumb }
    if !terminal.allowsColor() { return .braille(color: false) }
    if term.contains("kitty") || environment["KITTY_WINDOW_ID"] != nil || environment["TERM_PROGRAM"] == "ghostty" {
      return .kitty
    }
    return .braille(color: true)
  }

  /// The best graphics that the terminal at standard output reports.
  ///
  /// Queries the terminal's attributes (`4` means sixel) and kitty's protocol, and waits at most 0.2 seconds for the
  /// answer. There is no query if input or output is not a terminal.
  public static func detect(environment: [String: String] = ProcessInfo.processInfo.environment) -> TerminalGraphics {
    detect(environment: environment, input: 0, output: 1)
  }

  /// The same for a terminal with other descriptors.
  static func detect(environment: [String: String], input: Int32, output: Int32, seconds: Double = 0.2)
    -> TerminalGraphics
  {
    let promised = promised(by: environment, isTerminal: isatty(output) == 1)
    guard promised == .braille(color: true), isatty(input) == 1 else { return promised }
    // Inside a multiplexer, the answer would describe the outer terminal, which does not receive the image.
    if environment["TMUX"] != nil || (environment["TERM"] ?? "").hasPrefix("screen") { return promised }
    let answer = ask("\u{1b}_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\u{1b}\\\u{1b}[c", input, output, seconds)
    if answer.contains("_Gi=31;OK") { return .kitty }
    // ESC [ ? 62 ; 4 ; … c
    if let start = answer.firstRange(of: "\u{1b}[?")?.upperBound {
      let attributes = answer[start...].prefix { $0 != "c" }.split(separator: ";").dropFirst()
      if attributes.contains("4") { return .sixel }
    }
    return promised
  }

  /// Writes a query and collects the terminal's answer, up to the `c` that ends its attributes.
  private static func ask(_ query: String, _ input: Int32, _ output: Int32, _ seconds: Double) -> String {
    var before = termios()
    guard tcgetattr(input, &before) == 0 else { return "" }
    var raw = before
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
    guard tcsetattr(input, TCSANOW, &raw) == 0 else { return "" }
    defer { tcsetattr(input, TCSAFLUSH, &before) }
    let bytes = Array(query.utf8)
    guard write(output, bytes, bytes.count) == bytes.count else { return "" }
    var answer: [UInt8] = []
    let end = Date().addingTimeInterval(seconds)
    while answer.count < 500 {
      let left = end.timeIntervalSinceNow
      var descriptor = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
      guard left > 0, poll(&descriptor, 1, Int32(left * 1000) + 1) > 0 else { break }
      var byte: UInt8 = 0
      guard read(input, &byte, 1) == 1 else { break }
      answer.append(byte)
      if byte == 99, answer.contains(63) { break }
    }
    return String(decoding: answer, as: UTF8.self)
  }
}
