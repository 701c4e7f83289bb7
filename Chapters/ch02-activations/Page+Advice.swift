// The page of chapter 2: what an evaluation costs, why ReLU won, what to use.

import Foundation
import Workbook

extension Activations {
  /// What a function costs by itself, and in a step.
  static func addCosts(to page: inout Page, _ costs: CostFindings, isRecorded: Bool) {
    let more = costs.steps[1] / costs.steps[0] - 1
    page.prose(
      """
      ## What one evaluation costs

      S4 means something else by the number 6: ReLU is 6 times cheaper to *compute* than a sigmoid. An exponential costs time: on \
      \(isRecorded ? "the machine of the recorded run" : "this machine") a sigmoid, forward and back, takes \
      \(fixed(costs.ratios[Nonlinearity.sigmoid.rawValue], 0)) times as long as ReLU. But a whole training step of the convolutional net \
      \(more > 0.02 ? "takes only \(percent(more)) longer with tanh than with ReLU" : "takes about as long with tanh as with ReLU").
      """)
  }

  /// Why the world uses ReLU.
  static func addWhy(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ## Why did ReLU replace tanh?

      The table does not tell. Glorot, Bordes and Bengio 2011 trained nets of three layers of 1000 ReLUs without the pretraining that \
      was usual then, and they made as few errors as tanh or fewer. In 2012 AlexNet won the ImageNet contest with ReLU, and since then \
      published recipes have been made for it. Whether ReLU is needed in large nets, ours cannot tell.
      """)
  }

  /// Who makes fewer test errors where.
  static func winners(_ duels: [Findings.Duel]) -> String {
    func tasks(_ direction: Summary.Direction) -> [String] {
      duels.filter { ($0.tanh - $0.relu).direction() == direction }.map(\.task).reduce(into: []) { all, task in
        if !all.contains(task) { all.append(task) }
      }
    }
    let (relu, tanh) = (tasks(.above), tasks(.below))
    let fewer = relu.isEmpty ? "fewer test errors" : "fewer"
    let won = [("ReLU makes fewer test errors", relu), ("tanh makes \(fewer)", tanh)].filter { !$1.isEmpty }.map {
      "\($0) in \(listed($1.map { "the " + $0.replacing(",", with: " on") }))"
    }
    return won.isEmpty
      ? "In none of them does one make fewer test errors than the other beyond chance."
      : "Beyond chance, \(won.joined(separator: "; "))."
  }

  /// tanh and ReLU at weights that are too small or too large.
  static func addStacks(to page: inout Page, _ sizes: SizeFindings) {
    let factors = Stack.factors.map(Double.init)
    page.prose(
      """
      ### \(sizes.stackSlide)

      How exact must the size of the weights be? We train 16 layers of each at \(factors.count) sizes.
      """)
    page.figure(
      Figure(
        sizes.stackTitle,
        .lines(
          LineChart(
            x: Axis("weights, times the reference", log: true, ticks: factors.map { ($0, short($0)) }),
            y: Axis("training loss", range: 0...2.5),
            zip(Stack.all, sizes.stacks).map { stack, nets in
              let places = nets.indices.filter { nets[$0].losses.mean.isFinite }
              return Series(
                "\(stack.function.name), \(stack.depth) layers", x: places.map { factors[$0] },
                y: places.map { nets[$0].losses.mean }, deviation: places.map { nets[$0].losses.deviation },
                isEmphasized: stack.function == .relu, color: stack.function.color)
            }, references: [.init(.horizontal, at: log(10), "guessing")])),
        caption: """
          As before, after \(grouped(sizes.steps)) steps; mean and standard deviation of \
          \(counted(sizes.stacks[0][0].losses.count, "seed")). Each point has its best rate.\
          \(sizes.stacks.joined().allSatisfy { $0.losses.mean.isFinite } ? "" : " A line ends where the net diverges.")
          """,
        name: "stacks"))
    page.project(sizes.stackSlide)
    page.prose(
      """
      \(sizes.stackWords)

      **PyTorch's `nn.Linear` begins with a standard deviation of $1/\\sqrt{3n}$.** For ReLU that is \
      \(fixed(1 / 6.0.squareRoot(), 2)) times the reference, less than the smallest size in the figure\(sizes.stacks.allSatisfy { $0[0].losses.mean > 2.25 } ? ", with which neither learns" : ""). So in a deep net of ReLUs call \
      `nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")` yourself.
      """)
  }
}
