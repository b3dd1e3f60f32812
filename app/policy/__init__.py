"""The privacy policy that runs: its text, what keeps each sentence true, and who else is in it.

The text is a versioned document whose values come from the running configuration. Each
promise names its mechanism and its tests, and is checked every day. Nobody imports this
package: what others know about their own promises comes by their cards.
"""
