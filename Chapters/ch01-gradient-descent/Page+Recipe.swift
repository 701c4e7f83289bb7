// The page of chapter 1: what to begin with in a net of one's own.

import Foundation
import Workbook

extension GradientDescent {
  /// A method, a first rate, the next ones, a rate that falls: what of it this page has measured, and what is only usual.
  static func addRecipe(to page: inout Page, _ digits: DigitMethods?, _ tasks: MethodTasks?) {
    /// Where a method's rates are good on the digits of this page.
    func good(_ place: Int) -> String {
      guard let rates = digits?.methods[place].goodRates, let first = rates.first, let last = rates.last else {
        return "common practice"
      }
      return "common practice; good on digits here: \(short(first))\(first == last ? "" : " to \(short(last))")"
    }
    let falls = tasks.map { tasks in
      zip(tasks[.constant], tasks[.falling]).allSatisfy { ($0.test - $1.test).direction() == .above }
    }
    page.prose(
      """
      ## A recipe to begin with

      For a net of your own, until you know better:
      """)
    page.table(
      Table(
        "A recipe, and where each line comes from",
        columns: ["what", "begin with", "from"],
        rows: [
          ["before training", "first loss near ln C; memorize twenty examples", "*Checks before the long run*"],
          ["batch", "32 to 128", "common practice"],
          ["method", "momentum 0.9 and Adam: try both", "none is best everywhere"],
          [.text("rate, momentum 0.9"), "0.01", .text(good(1))],
          [.text("rate, Adam"), "0.001", .text(good(4))],
          [.text("rate, plain descent"), "0.1", .text(good(0))],
          [
            "next rates", "×2 and ÷2, until the middle one of three is best",
            "figure 6; if the next rate fails, go a step left",
          ],
          [
            .text("then"), "let the rate fall to 0, by the cosine",
            .text(falls == true ? "all five methods end lower with it here" : "figure 11"),
          ],
        ]))
    let starts = [(1, 0.01), (4, 0.001)]
    let isBelow = starts.allSatisfy { place, rate in digits?.methods[place].goodRates.first.map { rate < $0 } ?? false }
    page.prose(
      """
      \(digits == nil ? "" : "The good rates are constant ones; a falling rate may begin higher (figure 11).")\
      \(isBelow ? " The first rates of momentum and Adam lie below them: here the next rate is ×2." : "")

      ```python
      opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)  # or Adam, lr=0.001
      falling = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=steps)
      # in the loop, after every opt.step():
      falling.step()
      ```
      """)
  }
}
