"""The sound classes that are music: AudioSet's branch of that name, instruments, kinds and moods, in snake_case."""

from __future__ import annotations

_LISTED = """
music musical_instrument plucked_string_instrument guitar electric_guitar bass_guitar acoustic_guitar
steel_guitar_slide_guitar tapping_guitar_technique strum banjo sitar mandolin zither ukulele keyboard_musical piano
electric_piano organ electronic_organ hammond_organ synthesizer sampler harpsichord percussion drum_kit drum_machine
drum snare_drum rimshot drum_roll bass_drum timpani tabla cymbal hi_hat wood_block tambourine rattle_instrument
maraca gong tubular_bells mallet_percussion marimba_xylophone glockenspiel vibraphone steelpan orchestra
brass_instrument french_horn trumpet trombone bowed_string_instrument string_section violin_fiddle pizzicato cello
double_bass wind_instrument_woodwind_instrument flute saxophone clarinet harp tuning_fork change_ringing_campanology
harmonica accordion bagpipes didgeridoo shofar theremin singing_bowl scratching_performance_technique pop_music
hip_hop_music beatboxing rock_music heavy_metal punk_rock grunge progressive_rock rock_and_roll psychedelic_rock
rhythm_and_blues soul_music reggae country swing_music bluegrass funk folk_music middle_eastern_music jazz disco
classical_music opera electronic_music house_music techno dubstep drum_and_bass electronica electronic_dance_music
ambient_music trance_music music_of_latin_america salsa_music flamenco blues music_for_children new_age_music
vocal_music a_capella music_of_africa afrobeat christian_music gospel_music music_of_asia carnatic_music
music_of_bollywood ska traditional_music independent_music song background_music theme_music jingle_music
soundtrack_music lullaby video_game_music christmas_music dance_music wedding_music happy_music sad_music
tender_music exciting_music angry_music scary_music
"""

MUSIC_LABELS = frozenset(_LISTED.split())
"""From "music" to "scary_music" in the order of YAMNet's class map. Bells and chimes are left out: they ring in
the world, too."""
