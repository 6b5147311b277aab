"""The one error a user can cause: a clear Chinese sentence that says what happened, where, and what to do."""


class UserError(Exception):
    """A mistake in what the user gave us. The command line prints the sentence alone and ends with exit code 2."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
