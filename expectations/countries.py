"""Names of countries as registries write them.

Belongs here: the names; ISO 3166 short names in English and the usual spellings of registries beside them.
Does not: codes, boundaries.
"""

from __future__ import annotations

_NAMES = """
Afghanistan; Åland Islands; Albania; Algeria; American Samoa; Andorra; Angola; Anguilla; Antarctica; Antigua
and Barbuda; Antigua & Barbuda; Argentina; Armenia; Aruba; Australia; Austria; Azerbaijan; Bahamas; The
Bahamas; Bahrain; Bangladesh; Barbados; Belarus; Belgium; Belize; Benin; Bermuda; Bhutan; Bolivia; Bolivia,
Plurinational State of; Bonaire, Sint Eustatius and Saba; Bosnia and Herzegovina; Bosnia & Herzegovina;
Botswana; Bouvet Island; Brazil; British Indian Ocean Territory; Brunei; Brunei Darussalam; Bulgaria; Burkina
Faso; Burundi; Cabo Verde; Cape Verde; Cambodia; Cameroon; Canada; Cayman Islands; Central African Republic;
Chad; Chile; China; Christmas Island; Cocos (Keeling) Islands; Colombia; Comoros; Congo; Congo, The Democratic
Republic of the; Democratic Republic of the Congo; Republic of the Congo; Congo, Democratic Republic of the;
Cook Islands; Costa Rica; Côte d'Ivoire; Cote d'Ivoire; Côte D'Ivoire; Ivory Coast; Croatia; Cuba; Curaçao;
Curacao; Cyprus; Czechia; Czech Republic; Denmark; Djibouti; Dominica; Dominican Republic; Ecuador; Egypt; El
Salvador; Equatorial Guinea; Eritrea; Estonia; Eswatini; Swaziland; Ethiopia; Falkland Islands; Falkland
Islands (Malvinas); Faroe Islands; Fiji; Finland; France; French Guiana; French Polynesia; French Southern
Territories; Gabon; Gambia; The Gambia; Georgia; Georgia (Country); Germany; Ghana; Gibraltar; Greece;
Greenland; Grenada; Guadeloupe; Guam; Guatemala; Guernsey; Guinea; Guinea-Bissau; Guyana; Haiti; Heard Island
and McDonald Islands; Holy See; Holy See (Vatican City State); Vatican City; Honduras; Hong Kong; Hong Kong
SAR China; Hungary; Iceland; India; Indonesia; Iran; Iran, Islamic Republic of; Iraq; Ireland; Isle of Man;
Israel; Italy; Jamaica; Japan; Jersey; Jordan; Kazakhstan; Kenya; Kiribati; Korea, Republic of; Republic of
Korea; South Korea; Korea, Democratic People's Republic of; North Korea; Kosovo; Kuwait; Kyrgyzstan; Laos; Lao
People's Democratic Republic; Latvia; Lebanon; Lesotho; Liberia; Libya; Libyan Arab Jamahiriya; Liechtenstein;
Lithuania; Luxembourg; Macao; Macau; Macedonia, The Former Yugoslav Republic of; North Macedonia; Macedonia;
Madagascar; Malawi; Malaysia; Maldives; Mali; Malta; Marshall Islands; Martinique; Mauritania; Mauritius;
Mayotte; Mexico; Micronesia; Federated States of Micronesia; Micronesia, Federated States of; Moldova;
Moldova, Republic of; Republic of Moldova; Monaco; Mongolia; Montenegro; Montserrat; Morocco; Mozambique;
Myanmar; Myanmar (Burma); Burma; Namibia; Nauru; Nepal; Netherlands; The Netherlands; Netherlands Antilles;
New Caledonia; New Zealand; Nicaragua; Niger; Nigeria; Niue; Norfolk Island; Northern Mariana Islands; Norway;
Oman; Pakistan; Palau; Palestine; Palestine, State of; State of Palestine; Palestinian Territory; Palestinian
Territory, occupied; Palestinian Territories; Panama; Papua New Guinea; Paraguay; Peru; Philippines; Pitcairn;
Poland; Portugal; Puerto Rico; Qatar; Réunion; Reunion; Romania; Russia; Russian Federation; Rwanda; Saint
Barthélemy; Saint Helena; Saint Kitts and Nevis; St. Kitts & Nevis; Saint Lucia; St. Lucia; Saint Martin;
Saint Martin (French part); Saint Pierre and Miquelon; Saint Vincent and the Grenadines; St. Vincent &
Grenadines; Samoa; San Marino; Sao Tome and Principe; São Tomé and Príncipe; Saudi Arabia; Senegal; Serbia;
Serbia and Montenegro; Former Serbia and Montenegro; Seychelles; Sierra Leone; Singapore; Sint Maarten; Sint
Maarten (Dutch part); Slovakia; Slovak Republic; Slovenia; Solomon Islands; Somalia; South Africa; South
Georgia and the South Sandwich Islands; South Sudan; Spain; Sri Lanka; Sudan; Suriname; Svalbard and Jan
Mayen; Sweden; Switzerland; Syria; Syrian Arab Republic; Taiwan; Taiwan, Province of China; Tajikistan;
Tanzania; Tanzania, United Republic of; United Republic of Tanzania; Thailand; Timor-Leste; East Timor; Togo;
Tokelau; Tonga; Trinidad and Tobago; Trinidad & Tobago; Tunisia; Turkey; Turkey (Türkiye); Türkiye; Turkiye;
Turkmenistan; Turks and Caicos Islands; Tuvalu; Uganda; Ukraine; United Arab Emirates; United Kingdom; United
States; United States of America; United States Minor Outlying Islands; Uruguay; Uzbekistan; Vanuatu;
Venezuela; Venezuela, Bolivarian Republic of; Vietnam; Viet Nam; Virgin Islands (U.S.); Virgin Islands, U.S.;
U.S. Virgin Islands; British Virgin Islands; Virgin Islands, British; Wallis and Futuna; Western Sahara;
Yemen; Zambia; England; Scotland; Wales; Northern Ireland; Great Britain; USA; UK; UAE; Bolivia (Plurinational
State of); Venezuela (Bolivarian Republic of); Iran (Islamic Republic of); Micronesia (Federated States of);
Korea (Republic of); Korea, South; Korea, North; Democratic People's Republic of Korea; Republic of the Union of
Myanmar; Tanzania (United Republic of); Moldova (Republic of); Brunei Darussalam (Negara); The former Yugoslav
Republic of Macedonia; Hong Kong (China); Hong Kong, China; Macao SAR China; Macau, China; Taiwan, China; Taiwan
(China); Chinese Taipei; Congo (Democratic Republic of the); Congo, Republic of the; Gaza; West Bank; occupied
Palestinian territory, including east Jerusalem; People's Republic of China; Virgin Islands (British); Saint Martin
(French Part); Aland Islands; Zambia; Zimbabwe; Former Yugoslavia; Yugoslavia
"""

COUNTRY_NAMES: tuple[str, ...] = tuple(sorted({" ".join(name.split()) for name in _NAMES.split(";")}))
"""Every accepted name."""
