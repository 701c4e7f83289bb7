// The page of chapter 5: what a reader without Swift can do.

import Foundation
import Workbook

extension Norms {
  /// Three exercises that check themselves, and an experiment with what to expect.
  static func addPython(to page: inout Page, _ findings: Findings) {
    page.callout(.note, "**Without Swift:** exercises 5.1 to 5.3 in NumPy (below)\(experiment(findings)).")
    page.fold("Exercises 5.1 to 5.3 in NumPy, with their checks") {
      $0.prose(
        """
        ```python
        import numpy as np

        # Yours. The first two use the batch's own statistics.
        def forward(x, gamma, beta, eps): ...                  # 5.1: the output
        def backward(dy, x, gamma, eps): ...                   # 5.2: gradients for x, gamma, beta
        def update(mean, variance, x, momentum): ...           # 5.3: the new mean and variance
        def infer(x, mean, variance, gamma, beta, eps): ...    # 5.3: the output in use

        rng, eps = np.random.default_rng(1), 1e-5
        x, dy = rng.normal(3, 2, size=(5, 3)), rng.normal(size=(5, 3))
        gamma, beta = rng.normal(size=3), rng.normal(size=3)
        y = forward(x, np.ones(3), np.zeros(3), eps)
        assert np.allclose(y.mean(0), 0) and np.allclose(y.var(0), 1, atol=1e-3)
        for yours, a in zip(backward(dy, x, gamma, eps), (x, gamma, beta)):
            for i in np.ndindex(*a.shape):
                loss = []
                for step in (1e-6, -2e-6):                     # a[i] a little up, then down
                    a[i] += step
                    loss.append((dy * forward(x, gamma, beta, eps)).sum())
                a[i] += 1e-6
                assert abs(yours[i] - (loss[0] - loss[1]) / 2e-6) < 1e-6
        mean, variance = update(np.zeros(1), np.ones(1), np.array([[1.0], [3.0]]), 0.5)
        assert np.allclose([mean, variance], [[1], [1.5]])
        assert np.allclose(infer(np.array([[5.0]]), 3, 4, gamma=1, beta=0, eps=0), 1)
        ```
        """)
    }
  }

  /// The main comparison, and what to expect of it.
  private static func experiment(_ findings: Findings) -> String {
    guard let none = findings.parts?.net(.none), let batch = findings.parts?.net(.batch) else { return "" }
    let deviation = max(none.errors.deviation, batch.errors.deviation)
    return
      ", and an experiment: train the five-layer net (biases start at 0, pixels centred and divided by one deviation) without a norm at the rate \(short(none.rate)) and with batch norm at \(short(batch.rate)). Expect errors of about \(fixed(none.errors.mean, 1)) and \(fixed(batch.errors.mean, 1)) %, each ± \(fixed(deviation, 1)) by seed"
  }
}
