// Chapter 7: what to try first, and a script that does it.

import Foundation
import Workbook

extension Regularization {
  /// Where to begin, as far as this chapter measured it.
  static func addFirstTries(to page: inout Page, _ findings: Findings) {
    let board = findings.shown
    func lambda(_ setting: String?) -> String? { setting.map { $0.replacingOccurrences(of: "λ = ", with: "") } }
    let best = [
      ("on the moons", lambda((findings.tunedMoons ?? findings.moons)?.entry("L2")?.setting)),
      ("on digits", board.has("L2") && board.steps != nil ? lambda(board.entries[board.index("L2")].setting) : nil),
      ("on photographs", lambda(findings.photographs?.entries.first { $0.name == "L2" }?.setting)),
      ("with wrong labels", findings.tunedLabels?.way(.l2).map { "\($0.lambda)" }),
    ].compactMap { place, value in value.map { (place: place, lambda: $0) } }
    // Equal values are named once.
    let values = best.map(\.lambda).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let named = values.map { value in "\(value) \(listed(best.filter { $0.lambda == value }.map(\.place)))" }
    let adam = findings.adam?.first { $0.name == "AdamW" }.flatMap { adamWords($0, board) }
    page.prose(
      """
      ### What to try first

      - *L2*: λ of 0.001, 0.003, 0.01 and 0.03, and on while an end is the best.\(named.isEmpty ? "" : " Best was \(named.joined(separator: ", ")); why they differ was not tested. Short of time, try the middle of the list and one neighbour on each side.")
      - *AdamW*: λ of 0.03, 0.1, 0.3 and 1\(adam ?? "").
      \(maxNormWords(findings))\
      - *Dropout*: behind the ReLU of a dense layer; shares of 0.1, 0.25 and 0.5. The narrower the layer, the smaller the share (chapter 6).
      - *Pictures*: shift and turn; mirror if the mirrored thing could be real.
      - *Rate*: let it fall to 0, and train to the end.
      """)
    let expected = board.has("shift, rotate, L2") ? board.testError(board.index("shift, rotate, L2")) : nil
    page.fold("A script: clean validation split, changed pictures, weight decay, a falling rate") {
      $0.prose(
        script
          + (expected.map {
            " The same net of this page with shifts, rotations and L2 makes \(fixed($0.mean, 1)) % errors on digits; PyTorch's initial weights are others, so expect a number near it."
          } ?? ""))
    }
  }

  /// Where max-norm helped, and at which limit; empty where it did not.
  private static func maxNormWords(_ findings: Findings) -> String {
    let (board, moons) = (findings.shown, findings.tunedMoons)
    let found = [
      moons?.helping.first { $0.name == "max-norm" }.map { ("on the moons", $0.setting) },
      board.helping.first { board.entries[$0].name == "max-norm" }.map { ("on digits", board.entries[$0].setting) },
    ].compactMap(\.self).filter { !$0.1.isEmpty }
    guard !found.isEmpty else { return "" }
    return
      "- *Max-norm* helped, too: best was \(listed(found.map { "a \($0.1.replacingOccurrences(of: "norm ", with: "norm of ")) \($0.0)" })) (code: “The others in PyTorch”).\n"
  }

  /// The best λ of AdamW, and why it is larger than that of plain gradient descent with a momentum of 0.9.
  private static func adamWords(_ adam: AdamTraining, _ board: Scoreboard) -> String? {
    func lambda(_ setting: String) -> Double? { Double(setting.replacingOccurrences(of: "λ = ", with: "")) }
    guard let own = lambda(adam.setting), board.has("L2"),
      let other = lambda(board.entries[board.index("L2")].setting), let rate = board.entries[board.index("L2")].rate
    else { return nil }
    // The float's own digits: 0.08, not 0.0799999982.
    let (eta, slow) = (Double("\(adam.rate)") ?? .nan, Double("\(rate)") ?? .nan)
    return
      "; \(short(own)) was best on digits. It takes the share ηλ off per step, here \(short(eta)) · \(short(own)) = \(short(eta * own, digits: 2)). In SGD a momentum of 0.9 makes that ten times as much: 10 · \(short(slow)) · \(short(other)) = \(short(10 * slow * other, digits: 2))"
  }

  /// The whole of it in PyTorch.
  private static let script = """
    ```python
    import torch
    from torch import nn
    from torch.utils.data import DataLoader, Subset
    from torchvision import datasets, transforms as T

    plain = T.Compose([T.ToTensor(), T.Normalize((0.1307,), (0.3081,))])
    change = T.Compose([T.RandomAffine(15, translate=(2/28, 2/28)), plain])
    digits = lambda t: datasets.MNIST("data", train=True, download=True, transform=t)
    train = DataLoader(Subset(digits(change), range(1000)), 50, shuffle=True)
    val = DataLoader(Subset(digits(plain), range(1000, 3000)), 500)    # never changed

    def fit(lam, lr, epochs=60):
        net = nn.Sequential(nn.Conv2d(1, 6, 5, 2), nn.ReLU(), nn.MaxPool2d(2),
                            nn.Flatten(), nn.Linear(216, 48), nn.ReLU(),
                            nn.Linear(48, 10))
        weights = [p for p in net.parameters() if p.ndim > 1]
        biases = [p for p in net.parameters() if p.ndim == 1]
        groups = [{"params": weights, "weight_decay": lam}, {"params": biases}]
        opt = torch.optim.SGD(groups, lr=lr, momentum=0.9)
        falling = torch.optim.lr_scheduler.CosineAnnealingLR(opt, epochs)
        for epoch in range(epochs):
            net.train()
            for x, y in train:
                opt.zero_grad()
                nn.functional.cross_entropy(net(x), y).backward()
                opt.step()
            falling.step()              # to 0: stopping early would miss the fall
        net.eval()
        with torch.no_grad():
            wrong = sum((net(x).argmax(1) != y).sum().item() for x, y in val)
        return wrong / len(val.dataset), lam, lr, net

    runs = [fit(lam, lr) for lam in (1e-3, 3e-3, 1e-2, 3e-2) for lr in (0.02, 0.04, 0.08)]
    err, lam, lr, net = min(runs, key=lambda run: run[0])
    # is lam or lr the first or last of its list? add one beyond it; then test once
    ```

    For photographs put a flip and a shift into `change`: `T.RandomHorizontalFlip()` and `T.RandomCrop(32, padding=3)`.
    """
}
