// The tests of exercise 8.3, for the stub and for the solution.

import ExerciseCatalogue
import ExerciseKit
import Testing

#if SOLUTIONS
import Solutions
#else
import Exercises
#endif

@Suite("Ex08_3 The gradient of cross-entropy") struct Ex08_3_CrossEntropyGradientTests {
  @Test("The mean loss from the logits, and p − y", arguments: Catalogue.ex08_3.cases)
  func cases(_ example: Case<any Ex08_3.Type>) throws {
    expect(example, of: Catalogue.ex08_3, from: Ex08_3_CrossEntropyGradient.self)
  }

  @Test("Every known mistake is found, and found by name", arguments: Catalogue.ex08_3.mutants)
  func mistakes(_ mutant: Mutant<any Ex08_3.Type>) { expectCaught(mutant, in: Catalogue.ex08_3) }
}
