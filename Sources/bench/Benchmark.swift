// Timing: medians of several runs, two ways of one thing in turn, so that a drifting machine slows both.

import Basics
import Foundation

/// The time of one piece of work.
struct Timing {
  /// Seconds of each run, sorted.
  var seconds: [Double]

  var median: Double { seconds[seconds.count / 2] }
  var fastest: Double { seconds[0] }
  var slowest: Double { seconds[seconds.count - 1] }
}

/// Runs each piece of work `runs` times, in turn: A B A B …, after one round that does not count.
func measure(runs: Int, _ works: [() -> Void]) -> [Timing] {
  var seconds = works.map { _ in [Double]() }
  for run in 0...runs {
    for (index, work) in works.enumerated() {
      let start = DispatchTime.now().uptimeNanoseconds
      work()
      if run > 0 { seconds[index].append(Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9) }
    }
  }
  return seconds.map { Timing(seconds: $0.sorted()) }
}

/// `1.65 s`, `203.1 µs`.
func duration(_ seconds: Double) -> String { readableDuration(seconds: seconds, .measured) }

/// A table of text: the first column to the left, the others to the right.
func printTable(_ title: String, _ header: [String], _ rows: [[String]]) {
  let cells = [header] + rows
  let widths = header.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
  print("\n\(title)\n" + String(repeating: "─", count: widths.reduce(2 * (widths.count - 1), +)))
  for row in cells {
    print(
      row.enumerated().map { column, text in
        let space = String(repeating: " ", count: widths[column] - text.count)
        return column == 0 ? text + space : space + text
      }.joined(separator: "  "))
  }
}
