"""From words to a call: which command is named, which options it has, what does not parse."""
