"""The privacy policy that runs: its text, what keeps each sentence true, and who else is in it.

The text is a numbered document whose figures are those the site runs with. A version is frozen
when it is published; what the site does differently afterwards is drift, and said. Each
promise names its mechanism and its tests, and is checked every day. Nobody imports this
package: what others know about their own promises comes by their cards.
"""
