// A plot of a wrong answer: returned values over expected values.

import Foundation
import Workbook

/// Draws the numbers of an answer over the expected ones; correct numbers are on the diagonal.
enum CheckPlot {
  /// Prints the plot on the terminal, or explains why there is none.
  static func draw(_ exercise: any AnyExercise, _ responses: [Response], terminal: TerminalStyle) {
    let pairs = exercise.comparison(responses)
    guard let low = pairs.map(\.expected).min(), let high = pairs.map(\.expected).max() else {
      print("  There is nothing to draw: no case returned numbers of the right shape.\n")
      return
    }
    let chart = LineChart(
      x: Axis("expected"), y: Axis("yours"),
      [
        Series("expected", x: [low, high], y: [low, high], style: .line),
        Series(
          "your answer", x: pairs.map(\.expected), y: pairs.map(\.got), style: .points, isEmphasized: true),
      ])
    let standard = Terminal.standard
    var graphics = TerminalGraphics.promised(by: standard.environment, isTerminal: standard.isTerminal)
    if !terminal.usesColor, graphics != .dumb { graphics = .braille(color: false) }
    do {
      let title = "\(exercise.id): your numbers over the expected ones, all cases together"
      print(
        try TerminalPicture.draw(
          .lines(chart), title: title, columns: terminal.width, graphics: graphics, theme: .light))
    } catch {
      print("  No plot: \(error)\n")
    }
  }
}
